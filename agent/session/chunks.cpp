#include "agent/session/chunks.h"

#include <algorithm>
#include <utility>

#include "agent/syncml/write.h"
#include "platform/base/text.h"

namespace steward::session {

bool Assembly::concerns(const syncml::Command& command, const syncml::Item& item) const {
    return (open_ || refused_) && command.name == name_ && item.target == target_;
}

void Assembly::begin_message() {
    if (!touched_) refused_.reset();  // pieces stand in consecutive messages
    touched_ = false;
}

Status Assembly::take(const syncml::Command& command, syncml::Item& item) {
    touched_ = true;
    if (!open_ && refused_ && item.meta.get().size.empty() && concerns(command, item)) {
        return refuse(item, *refused_);
    }
    if (!open_) {
        if (const Status begun = start(command, item); begun != Status::done) return begun;
    }
    const std::string_view piece = item.data ? std::string_view(*item.data) : std::string_view();
    if (piece.size() > size_ - data_.size()) return refuse(item, Status::size_mismatch);
    data_ += piece;
    if (item.more_data) {
        item.data.reset();
        return Status::chunk_stored;
    }
    if (data_.size() != size_) return refuse(item, Status::size_mismatch);
    item.data = std::move(data_);
    if (item.meta.format.empty()) item.meta.format = std::move(format_);
    if (item.meta.type.empty()) item.meta.type = std::move(type_);
    drop();
    return Status::done;
}

std::string Assembly::interrupt() {
    std::string target = std::move(target_);
    drop();
    refused_.reset();
    return target;
}

Status Assembly::start(const syncml::Command& command, syncml::Item& item) {
    refused_.reset();
    name_ = command.name;
    target_ = item.target;
    const auto size = to_integer(item.meta.get().size);
    if (!size || *size < 0) return refuse(item, Status::size_required);
    if (std::cmp_greater(*size, limit_)) return refuse(item, Status::too_large);
    open_ = true;
    size_ = static_cast<std::size_t>(*size);
    format_ = item.meta.format;
    type_ = item.meta.type;
    // Grown by doubling, the object would take up to three times its size for a moment.
    data_.reserve(size_);
    return Status::done;
}

Status Assembly::refuse(const syncml::Item& item, Status why) {
    drop();
    refused_.reset();
    if (item.more_data) refused_ = why;
    return why;
}

void Assembly::drop() {
    open_ = false;
    data_ = std::string();
    size_ = 0;
}

std::size_t cut(syncml::Encoding encoding, csp::Format format, std::string_view rest, std::size_t budget) {
    constexpr std::size_t longest_character = 4;
    // No character is shorter on the wire than it is here: what lies behind the budget need not be looked at.
    const std::string_view near = rest.substr(0, budget + longest_character);
    std::size_t length = syncml::prefix_within(encoding, near, budget);
    if (length == rest.size()) return length;
    constexpr std::size_t group = 4;  // base64 characters that stand for whole bytes
    if (format == csp::Format::b64 || format == csp::Format::bin) length -= length % group;
    if (length > 0) return length;
    const auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(rest[at]) & 0xc0) == 0x80; };
    for (length = 1; length < rest.size() && continues(length); ++length) {
    }
    return length;
}

}  // namespace steward::session

#include "agent/session/outbox.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "agent/session/chunks.h"
#include "agent/session/commands.h"

namespace steward::session {

using syncml::Command;
using syncml::Item;
using syncml::Name;

namespace {

void write_line(Command& status, const StatusLine& line, const std::string& msg_ref, const Draft& draft) {
    status.name = Name::status;
    auto& rare = status.set();
    rare.msg_ref = msg_ref;
    rare.cmd_ref = line.command->cmd_id;
    rare.cmd = line.cmd();
    rare.target_refs.resize(line.target != nullptr ? 1 : 0);
    if (line.target != nullptr) rare.target_refs[0] = *line.target;
    rare.original_error.clear();
    if (draft.original_errors && line.fault) rare.original_error = original_error_of(*line.fault);
    status.data = text_of(line.code);
    status.items.clear();
    for (const auto& text : line.texts) status.items.emplace_back().data = text;
}

// Upper bound of what a found node takes as an Item of Results.
std::size_t item_bound(const Draft& draft, const tree::Found& found) {
    constexpr std::size_t frame = 256;  // tags, namespaces, Format
    return frame + syncml::encoded_size(draft.encoding, found.uri) + syncml::encoded_size(draft.encoding, found.type) +
           (found.data ? syncml::encoded_size(draft.encoding, *found.data) : 0);
}

Item item_of(tree::Found& found) {
    Item item;
    item.source = found.uri;
    item.meta.format = csp::name_of(found.format);
    item.meta.type = found.type;
    item.data = std::move(found.data);
    return item;
}

}  // namespace

void Outbox::push(std::unique_ptr<Replies> replies) {
    batches_.push_back({std::move(replies), 0, 0, 0});
    drop_finished();
}

void Outbox::abandon_upload() {
    if (!uploading()) return;
    offset_ = 0;
    for (Batch& batch : batches_) {
        if (batch.result >= batch.replies->results.size()) continue;
        if (++batch.found >= batch.replies->results[batch.result].found.size()) {
            batch.found = 0;
            ++batch.result;
        }
        break;
    }
    drop_finished();
}

void Outbox::pack(Draft& draft) {
    const std::size_t empty_size = draft.writer.size();
    bool room = true;
    for (auto batch = batches_.begin(); room && batch != batches_.end(); ++batch) room = pack_statuses(draft, *batch);
    for (auto batch = batches_.begin(); room && batch != batches_.end(); ++batch) {
        room = pack_results(draft, *batch, empty_size);
    }
    while (room && !alerts_.empty()) {
        Command& alert = alerts_.front();
        alert.cmd_id = draft.take_cmd_id();
        if (!draft.writer.add_within(alert, draft.limit)) {
            if (draft.has_answers) break;
            draft.writer.add(alert);
        }
        draft.has_answers = true;
        alerts_.pop_front();
    }
    drop_finished();
}

// The statuses of an Atomic stay together. What does not fit even alone is sent all the same: nothing smaller exists.
bool Outbox::pack_statuses(Draft& draft, Batch& batch) {
    const auto& lines = batch.replies->statuses;
    const std::string& msg_ref = batch.replies->message.header.msg_id;
    std::size_t group_end = 0;
    for (; batch.status < lines.size(); ++batch.status) {
        const StatusLine& line = lines[batch.status];
        if (line.together > 1) {
            group_end = batch.status + line.together;
            std::size_t size = draft.writer.size();
            for (std::size_t i = batch.status; i < group_end; ++i) {
                if (!lines[i].silent) size += status_bound(lines[i], msg_ref, draft.encoding, draft.original_errors);
            }
            if (size > draft.limit && draft.has_answers) return false;
        }
        if (line.silent) continue;
        write_line(status_, line, msg_ref, draft);
        status_.cmd_id = std::to_string(draft.next_cmd_id);
        if (!draft.writer.add_within(status_, draft.limit)) {
            if (draft.has_answers && batch.status >= group_end) return false;
            draft.writer.add(status_);
        }
        ++draft.next_cmd_id;
        draft.has_answers = true;
    }
    return true;
}

bool Outbox::pack_results(Draft& draft, Batch& batch, std::size_t empty_size) {
    const auto& results = batch.replies->results;
    while (batch.result < results.size()) {
        if (!pack_item(draft, batch, empty_size)) return false;
    }
    return true;
}

void Outbox::begin_results(Draft& draft, const Batch& batch) {
    const Command& get = *batch.replies->results[batch.result].command;
    results_.name = Name::results;
    results_.cmd_id = std::to_string(draft.next_cmd_id);
    auto& rare = results_.set();
    rare.msg_ref = batch.replies->message.header.msg_id;
    rare.cmd_ref = get.cmd_id;
    rare.cmd = syncml::name_of(Name::get);
    results_.items.clear();
}

void Outbox::sent(Draft& draft, Batch& batch, std::size_t items) {
    ++draft.next_cmd_id;
    draft.has_answers = draft.has_results = true;
    batch.found += items;
    if (batch.found == batch.replies->results[batch.result].found.size()) {
        batch.found = 0;
        ++batch.result;
    }
}

// Adds one Results with as many Items of the same Get as fit, or a piece of one Item.
bool Outbox::pack_item(Draft& draft, Batch& batch, std::size_t empty_size) {
    if (uploading()) return pack_piece(draft, batch, empty_size);
    auto& found = batch.replies->results[batch.result].found;
    begin_results(draft, batch);
    const auto& rare = results_.get();
    std::size_t size = draft.writer.size() + 128 + syncml::encoded_size(draft.encoding, rare.cmd_ref) +
                       syncml::encoded_size(draft.encoding, rare.msg_ref);
    std::size_t end = batch.found;
    while (end < found.size()) {
        size += item_bound(draft, found[end]);
        if (size > draft.limit) break;
        results_.items.push_back(item_of(found[end++]));
    }
    if (end > batch.found) {
        draft.writer.add(results_);
        sent(draft, batch, end - batch.found);
        return true;
    }
    // Not even one Item is sure to fit. It is measured without being copied: it may be large.
    tree::Found& only = found[batch.found];
    const std::size_t data = only.data ? syncml::encoded_size(draft.encoding, *only.data) : 0;
    std::optional<std::string> held = std::exchange(only.data, std::nullopt);
    results_.items.push_back(item_of(only));
    if (held) results_.items[0].data.emplace();
    constexpr std::size_t slack = 8;  // <Data/> may become <Data></Data>, a string an OPAQUE
    const std::size_t whole = draft.writer.size_of(results_) + data + slack;
    const bool fits_now = draft.writer.size() + whole <= draft.limit;
    const bool fits_alone = empty_size + whole <= draft.limit;
    if (fits_now || (!held && !draft.has_answers)) {
        results_.items[0].data = std::move(held);
        draft.writer.add(results_);
        sent(draft, batch, 1);
        return true;
    }
    only.data = std::move(held);
    // An object that fits into a message of its own is not cut; what has no data cannot be.
    if (draft.has_answers && (fits_alone || !only.data)) return false;
    return pack_piece(draft, batch, empty_size);
}

// Each piece is a Results of its own, the last command of its message; only the first states the Size.
bool Outbox::pack_piece(Draft& draft, Batch& batch, std::size_t empty_size) {
    tree::Found& object = batch.replies->results[batch.result].found[batch.found];
    std::string whole = std::move(*object.data);
    begin_results(draft, batch);
    results_.items.push_back(item_of(object));
    Item& item = results_.items.back();
    if (offset_ == 0) item.meta.set().size = std::to_string(whole.size());
    item.data.emplace();
    item.more_data = true;
    const std::size_t frame = draft.writer.size_of(results_);
    const auto room_after = [&](std::size_t used) { return draft.limit > used ? draft.limit - used : 0; };
    const std::size_t room = room_after(draft.writer.size() + frame);
    // A message that is more than half full of other things is sent first.
    if (draft.has_answers && room < room_after(empty_size + frame) / 2) {
        object.data = std::move(whole);
        return false;
    }
    const std::string_view rest = std::string_view(whole).substr(offset_);
    const std::size_t length = cut(draft.encoding, object.format, rest, room);
    item.data->assign(rest.substr(0, length));
    item.more_data = length < rest.size();
    const bool more = item.more_data;
    draft.writer.add(results_);
    sent(draft, batch, more ? 0 : 1);
    offset_ = more ? offset_ + length : 0;
    if (more) object.data = std::move(whole);
    return !more;
}

void Outbox::drop_finished() {
    const auto finished = [](const Batch& batch) {
        const auto& lines = batch.replies->statuses;
        const bool said = std::all_of(lines.begin() + static_cast<std::ptrdiff_t>(batch.status), lines.end(),
                                      [](const StatusLine& line) { return line.silent; });
        return said && batch.result == batch.replies->results.size();
    };
    std::erase_if(batches_, finished);
}

}  // namespace steward::session

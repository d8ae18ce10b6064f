#include "platform/linux/drop_in.h"

#include <utility>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::string_view head = " Managed by Steward: changes here are overwritten.\n";
constexpr std::string_view made_mark = " Directories made for this file: ";

// How many directories an existing drop-in says were made for it.
std::size_t made_for(std::string_view text, std::string_view comment) {
    for (const auto part : {comment, head, comment, made_mark}) {
        if (!text.starts_with(part)) return 0;
        text.remove_prefix(part.size());
    }
    const auto count = to_integer(text.substr(0, text.find('\n')));
    return count && *count > 0 ? static_cast<std::size_t>(*count) : 0;
}

}  // namespace

Result<Change> drop_in(const Files& files, std::string path, std::string_view body, std::string_view comment) {
    auto present = files.find(path);
    if (!present) return std::move(present).error();
    std::size_t made = 0;
    if (*present) {
        made = made_for(**present, comment);
    } else if (!body.empty()) {
        auto missing = files.missing_directories(path);
        if (!missing) return std::move(missing).error();
        made = *missing;
    }
    Change change{std::move(path), std::nullopt};
    change.prune = made;
    if (body.empty()) return change;
    change.content = std::string(comment) + std::string(head);
    if (made > 0) *change.content += std::string(comment) + std::string(made_mark) + std::to_string(made) + "\n";
    *change.content += body;
    return change;
}

}  // namespace steward::platform

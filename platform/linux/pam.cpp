#include "platform/linux/pam.h"

#include <utility>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

// Words of a line; text in brackets is one word, as in "[success=1 default=ignore]".
std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    while (!(line = trim(line)).empty()) {
        const auto end = line.front() == '[' ? line.find(']') : line.find_first_of(" \t");
        const auto size = end == std::string_view::npos ? line.size() : end + (line.front() == '[' ? 1 : 0);
        words.emplace_back(line.substr(0, size));
        line.remove_prefix(size);
    }
    return words;
}

// Lines without comments, continued ones ("\" at the end) joined.
std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    std::string line;
    for (const auto part : split(text, '\n')) {
        if (part.ends_with('\\')) {
            line += part.substr(0, part.size() - 1);
            line += ' ';
            continue;
        }
        line += part;
        lines.push_back(line.substr(0, line.find('#')));
        line.clear();
    }
    return lines;
}

}  // namespace

std::optional<std::string> PamModule::argument(std::string_view name) const {
    for (const auto& argument : arguments) {
        if (argument == name) return std::string();
        if (argument.size() > name.size() && argument.starts_with(name) && argument[name.size()] == '=') {
            return argument.substr(name.size() + 1);
        }
    }
    return std::nullopt;
}

Result<std::string> pam_stack(const Files& files, std::string_view type) {
    std::string debian = "/etc/pam.d/common-" + std::string(type);
    auto present = files.present(debian);
    if (!present) return std::move(present).error();
    return *present ? std::move(debian) : std::string("/etc/pam.d/system-auth");
}

Error without_pam_module(const Files& files, std::string_view type, std::string sentence) {
    auto stack = pam_stack(files, type);
    return {Fault::unsupported, std::move(sentence), stack ? std::move(*stack) : std::string()};
}

Result<std::vector<PamModule>> find_pam_module(const Files& files, std::string_view type, std::string_view module) {
    auto path = pam_stack(files, type);
    if (!path) return std::move(path).error();
    auto text = files.find(*path);
    if (!text) return std::move(text).error();
    std::vector<PamModule> found;
    for (const auto& line : lines_of(text->value_or(""))) {
        const auto words = words_of(line);
        if (words.size() < 3) continue;
        const std::string_view kind = words[0];
        if (kind.substr(kind.starts_with('-') ? 1 : 0) != type) continue;
        if (words[2].substr(words[2].rfind('/') + 1) != module) continue;
        found.push_back({*path, {words.begin() + 3, words.end()}});
    }
    return found;
}

}  // namespace steward::platform

#include "platform/linux/conf_file.h"

#include <algorithm>
#include <utility>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::string_view was_mark = "#steward:was# ";
constexpr std::string_view now_mark = "#steward:now# ";
constexpr std::string_view added_end = " (after a line that had no end)";
constexpr std::string_view file_mark = "#steward:file# Made by Steward, and removed with its last setting.\n";

}  // namespace

ConfFile::ConfFile(Style style, const std::optional<std::string>& text)
    : style_(style), made_by_us_(!text || text->starts_with(file_mark)), lines_(lines_of(text.value_or(""))) {
    original_ = without_ours(lines_);
    if (made_by_us_ && !original_.empty()) original_.erase(original_.begin());
}

ConfFile::Line ConfFile::parsed(std::string text) const {
    Line line;
    std::string_view rest = text;
    if (style_ == Style::equals) rest = rest.substr(0, rest.find('#'));
    rest = trim(rest);
    if (!rest.empty() && rest.front() != '#') {
        const auto end = rest.find_first_of(style_ == Style::equals ? " \t=" : " \t");
        line.key = rest.substr(0, end);
        if (end != std::string_view::npos) {
            rest = trim(rest.substr(end));
            if (style_ == Style::equals && rest.starts_with('=')) rest = trim(rest.substr(1));
            line.value = rest;
        }
    }
    line.text = std::move(text);
    return line;
}

std::vector<ConfFile::Line> ConfFile::lines_of(std::string_view text) const {
    std::vector<Line> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto size = end == std::string_view::npos ? text.size() : end + 1;
        lines.push_back(parsed(std::string(text.substr(0, size))));
        text.remove_prefix(size);
    }
    return lines;
}

std::vector<ConfFile::Line> ConfFile::without_ours(const std::vector<Line>& lines) const {
    std::vector<Line> kept;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string_view text = lines[i].text;
        if (text.starts_with(was_mark)) {
            kept.push_back(parsed(std::string(text.substr(was_mark.size()))));
            continue;
        }
        if (!text.starts_with(now_mark)) {
            kept.push_back(lines[i]);
            continue;
        }
        // Ours is the next line, but only while it still sets the key that the mark names.
        auto key = trim(text.substr(now_mark.size()));
        if (key.ends_with(trim(added_end))) {
            key = trim(key.substr(0, key.size() - trim(added_end).size()));
            if (!kept.empty() && kept.back().text.ends_with('\n')) kept.back().text.pop_back();
        }
        if (i + 1 < lines.size() && lines[i + 1].key == key) ++i;
    }
    return kept;
}

std::optional<std::string> ConfFile::last_value(const std::vector<Line>& lines, std::string_view key) {
    const auto found = std::find_if(lines.rbegin(), lines.rend(), [&](const Line& line) { return line.key == key; });
    if (found == lines.rend()) return std::nullopt;
    return found->value;
}

std::optional<std::string> ConfFile::value(std::string_view key) const {
    return last_value(lines_, key);
}

std::optional<std::string> ConfFile::original_value(std::string_view key) const {
    return last_value(original_, key);
}

void ConfFile::assign(std::vector<Line>& lines, const Assignment& assignment) const {
    std::optional<std::size_t> last;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].key != assignment.key) continue;
        lines[i] = {std::string(was_mark) + lines[i].text, "", ""};
        last = i;
    }
    if (!assignment.value) return;
    std::string setting = assignment.key;
    if (!assignment.value->empty()) setting += (style_ == Style::equals ? " = " : "\t") + *assignment.value;
    std::string mark = std::string(now_mark) + assignment.key;
    auto at = lines.end();
    if (last) at = lines.begin() + static_cast<std::ptrdiff_t>(*last) + 1;
    if (at == lines.end() && !lines.empty() && !lines.back().text.ends_with('\n')) {
        lines.back().text += '\n';
        mark += added_end;
    }
    at = lines.insert(at, {mark + "\n", "", ""});
    lines.insert(at + 1, parsed(setting + "\n"));
}

std::optional<std::string> ConfFile::with(std::span<const Assignment> ours) const {
    auto lines = original_;
    for (const auto& assignment : ours) assign(lines, assignment);
    if (made_by_us_ && lines.empty()) return std::nullopt;
    std::string text(made_by_us_ && !ours.empty() ? file_mark : std::string_view());
    for (const auto& line : lines) text += line.text;
    return text;
}

}  // namespace steward::platform

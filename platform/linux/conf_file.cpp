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

// "[main]" of "main.excludepkgs", as the line that begins the section.
std::string ConfFile::section_of(std::string_view key) {
    return "[" + std::string(key.substr(0, key.find('.'))) + "]";
}

// section: the one that the line stands in, and the next one stands in after it.
ConfFile::Line ConfFile::parsed(std::string text, std::string& section) const {
    Line line;
    std::string_view rest = text;
    if (style_ == Style::equals) rest = rest.substr(0, rest.find('#'));
    rest = trim(rest);
    const bool sectioned = style_ == Style::sections;
    if (sectioned && rest.starts_with('[')) {
        section = rest.substr(1, rest.find(']') - 1);
        line.key = section_of(section);
    } else if (!rest.empty() && rest.front() != '#' && !(sectioned && rest.front() == ';')) {
        const auto end = rest.find_first_of(style_ == Style::blank ? " \t" : " \t=");
        line.key = sectioned ? section + "." + std::string(rest.substr(0, end)) : std::string(rest.substr(0, end));
        if (end != std::string_view::npos) {
            rest = trim(rest.substr(end));
            if (style_ != Style::blank && rest.starts_with('=')) rest = trim(rest.substr(1));
            line.value = rest;
        }
    }
    line.text = std::move(text);
    return line;
}

std::vector<ConfFile::Line> ConfFile::lines_of(std::string_view text) const {
    std::vector<Line> lines;
    std::string section;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto size = end == std::string_view::npos ? text.size() : end + 1;
        lines.push_back(parsed(std::string(text.substr(0, size)), section));
        text.remove_prefix(size);
    }
    return lines;
}

std::vector<ConfFile::Line> ConfFile::without_ours(const std::vector<Line>& lines) const {
    std::vector<Line> kept;
    std::string section;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string_view text = lines[i].text;
        if (text.starts_with(was_mark)) {
            kept.push_back(parsed(std::string(text.substr(was_mark.size())), section));
            continue;
        }
        if (!text.starts_with(now_mark)) {
            kept.push_back(parsed(lines[i].text, section));
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

void ConfFile::insert(std::vector<Line>& lines, std::vector<Line>::iterator at, const std::string& key,
                      const std::string& setting) const {
    std::string mark = std::string(now_mark) + key;
    if (at == lines.end() && !lines.empty() && !lines.back().text.ends_with('\n')) {
        lines.back().text += '\n';
        mark += added_end;
    }
    at = lines.insert(at, {mark + "\n", "", ""});
    auto section = key.substr(0, key.find('.'));
    lines.insert(at + 1, parsed(setting + "\n", section));
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
    if (style_ == Style::sections) {
        setting.erase(0, setting.find('.') + 1);
        const auto head = section_of(assignment.key);
        const auto in_section = [&](const Line& line) {
            return line.key == head || (!line.key.starts_with('[') && section_of(line.key) == head);
        };
        auto end = std::find_if(lines.rbegin(), lines.rend(), in_section);
        if (!last && end == lines.rend()) {
            insert(lines, lines.end(), head, head);
            end = lines.rbegin();
        }
        if (!last) last = static_cast<std::size_t>(lines.rend() - end) - 1;
    }
    if (!assignment.value->empty()) setting += (style_ == Style::blank ? "\t" : " = ") + *assignment.value;
    insert(lines, last ? lines.begin() + static_cast<std::ptrdiff_t>(*last) + 1 : lines.end(), assignment.key, setting);
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

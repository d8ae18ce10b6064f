#include "platform/linux/dnf_conf.h"

#include <algorithm>
#include <utility>

#include "platform/base/text.h"

namespace steward::platform {

const std::string_view automatic_conf = "/etc/dnf/automatic.conf";
const std::string_view dnf_conf = "/etc/dnf/dnf.conf";
const std::string_view words_conf = "/etc/dnf/steward-updates.conf";

Result<ConfFile> read_automatic_conf(const Files& files) {
    auto text = files.find(automatic_conf);
    if (!text) return std::move(text).error();
    return ConfFile(ConfFile::Style::sections, *text);
}

bool is_on(const ConfFile& file, std::string_view key) {
    const auto value = lower(file.value(key).value_or("no"));
    return value == "1" || value == "yes" || value == "true" || value == "on";
}

std::vector<std::string> excluded(const std::optional<std::string>& value) {
    std::vector<std::string> entries;
    std::string text = value.value_or("");
    std::replace(text.begin(), text.end(), ',', ' ');
    for (const auto entry : split(text, ' ')) {
        if (!trim(entry).empty()) entries.emplace_back(trim(entry));
    }
    return entries;
}

Assignment excluding(const ConfFile& file, std::string key, const std::vector<std::string>& more) {
    auto entries = excluded(file.original_value(key));
    for (const auto& entry : more) {
        if (std::find(entries.begin(), entries.end(), entry) == entries.end()) entries.push_back(entry);
    }
    std::string value;
    for (const auto& entry : entries) value += (value.empty() ? "" : ", ") + entry;
    return {std::move(key), std::move(value)};
}

std::string spec_of(std::string_view update) {
    return package_of(update) + "-" + version_of(update);
}

// Neither a version nor a release has a "-" in it.
std::optional<std::string> update_of(std::string_view spec) {
    const auto release = spec.rfind('-');
    if (release == std::string_view::npos || release == 0) return std::nullopt;
    const auto version = spec.rfind('-', release - 1);
    if (version == std::string_view::npos || version == 0) return std::nullopt;
    return update_key(spec.substr(0, version), spec.substr(version + 1));
}

Result<KeptWords> kept_words(const Files& files) {
    auto text = files.find(words_conf);
    if (!text) return std::move(text).error();
    const ConfFile file(ConfFile::Style::equals, *text);
    return kept_words([&](std::string_view name) { return file.value(name).value_or(""); });
}

std::string words_body(const Words& words) {
    std::string text;
    for (const auto& [name, value] : words) text += std::string(name) + " = " + value + "\n";
    return text;
}

}  // namespace steward::platform

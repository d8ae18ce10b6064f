#include "platform/linux/unit_file.h"

#include <map>
#include <utility>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::string_view directories[] = {"/etc/systemd/system/", "/run/systemd/system/",
                                            "/usr/local/lib/systemd/system/", "/usr/lib/systemd/system/",
                                            "/lib/systemd/system/"};

void collect(std::string_view text, std::string_view section, std::string_view key, std::vector<std::string>& values) {
    bool inside = false;
    for (const auto raw : split(text, '\n')) {
        const auto line = trim(raw);
        if (line.starts_with('[')) inside = line == section;
        const auto equals = line.find('=');
        if (!inside || line.starts_with('#') || line.starts_with(';') || equals == std::string_view::npos) continue;
        if (trim(line.substr(0, equals)) != key) continue;
        const auto value = trim(line.substr(equals + 1));
        if (value.empty()) values.clear();
        if (!value.empty()) values.emplace_back(value);
    }
}

}  // namespace

Result<std::vector<std::string>> systemd_files(const Files& files, std::span<const std::string_view> places,
                                               std::string_view name) {
    std::vector<std::string> paths;
    std::map<std::string, std::string> drop_ins;
    for (const auto place : places) {
        const auto main = std::string(place) + std::string(name);
        auto present = files.present(main);
        if (!present) return std::move(present).error();
        if (paths.empty() && *present) paths.push_back(main);
        auto names = files.list(main + ".d");
        if (!names && names.error().fault != Fault::not_found) return std::move(names).error();
        if (!names) continue;
        for (const auto& each : *names) {
            if (each.ends_with(".conf")) drop_ins.emplace(each, main + ".d/" + each);
        }
    }
    for (auto& [each, path] : drop_ins) paths.push_back(std::move(path));
    return paths;
}

Result<std::vector<std::string>> unit_values(const Files& files, std::string_view unit, std::string_view section,
                                             std::string_view key) {
    auto paths = systemd_files(files, directories, unit);
    if (!paths) return std::move(paths).error();
    // Drop-ins alone make no unit.
    if (paths->empty() || !paths->front().ends_with("/" + std::string(unit))) {
        return Error{Fault::not_found, "There is no unit " + std::string(unit) + ".", {}};
    }
    std::vector<std::string> values;
    for (const auto& path : *paths) {
        auto text = files.find(path);
        if (!text) return std::move(text).error();
        if (*text) collect(**text, "[" + std::string(section) + "]", key, values);
    }
    return values;
}

}  // namespace steward::platform

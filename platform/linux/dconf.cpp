#include "platform/linux/dconf.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

// Names of regular files in a directory; an absent directory has none. The tool passes over hidden ones, too.
Result<std::vector<std::string>> files_in(const Files& files, const std::string& directory) {
    auto names = files.list(directory);
    if (!names) {
        if (names.error().fault == Fault::not_found) return std::vector<std::string>();
        return std::move(names).error();
    }
    std::vector<std::string> paths;
    for (const auto& name : *names) {
        const auto found = files.stat(directory + "/" + name);
        if (!name.starts_with('.') && found && S_ISREG(found->st_mode)) paths.push_back(directory + "/" + name);
    }
    return paths;
}

std::pair<time_t, long> changed(const struct stat& found) {
    return {found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
}

}  // namespace

Result<std::optional<std::string>> Dconf::database() const {
    auto text = files_.find(profile);
    if (!text) return std::move(text).error();
    const auto content = text->value_or("");
    for (const auto line : split(content, '\n')) {
        constexpr std::string_view word = "system-db:";
        if (trim(line).starts_with(word)) return std::optional(std::string(trim(trim(line).substr(word.size()))));
    }
    return std::optional<std::string>();
}

Result<std::vector<std::string>> Dconf::sources() const {
    auto names = files_.list(databases);
    if (!names) {
        if (names.error().fault == Fault::not_found) return std::vector<std::string>();
        return names;
    }
    std::vector<std::string> found;
    for (auto& name : *names) {
        if (name.ends_with(".d")) found.push_back(name.substr(0, name.size() - 2));
    }
    return found;
}

Result<Dconf::Keys> Dconf::keys(const std::string& database) const {
    const auto directory = std::string(databases) + database + ".d";
    auto paths = files_in(files_, directory);
    if (!paths) return std::move(paths).error();
    Keys keys;
    for (const auto& path : *paths) {
        auto text = files_.find(path);
        if (!text) return std::move(text).error();
        std::string group;
        const auto content = text->value_or("");
        for (const auto raw : split(content, '\n')) {
            const auto line = trim(raw);
            if (line.starts_with('[') && line.ends_with(']')) group = line.substr(1, line.size() - 2);
            const auto equals = line.find('=');
            if (line.starts_with('#') || equals == std::string_view::npos) continue;
            const auto key = group + "/" + std::string(trim(line.substr(0, equals)));
            keys.values[key] = trim(line.substr(equals + 1));
            keys.decided_by[key] = path;
        }
    }
    paths = files_in(files_, directory + "/locks");
    if (!paths) return std::move(paths).error();
    for (const auto& path : *paths) {
        auto text = files_.find(path);
        if (!text) return std::move(text).error();
        const auto content = text->value_or("");
        for (const auto line : split(content, '\n')) {
            if (line.starts_with('/')) keys.locked.insert(std::string(trim(line)));
        }
    }
    return keys;
}

Result<bool> Dconf::compiled(const std::string& database) const {
    const auto result = std::string(databases) + database;
    const auto made = files_.stat(result);
    if (!made) {
        if (made.error().fault == Fault::not_found) return false;
        return made.error();
    }
    for (const auto& directory : {result + ".d", result + ".d/locks"}) {
        const auto found = files_.stat(directory);
        if (!found && found.error().fault != Fault::not_found) return found.error();
        if (found && changed(*found) > changed(*made)) return false;
        auto paths = files_in(files_, directory);
        if (!paths) return std::move(paths).error();
        for (const auto& path : *paths) {
            const auto file = files_.stat(path);
            if (file && changed(*file) > changed(*made)) return false;
        }
    }
    return true;
}

Outcome Dconf::compile(Processes& processes) const {
    Command command;
    command.arguments = {std::string(tool), "update"};
    if (files_.root() != "/") command.arguments.push_back(files_.root() + std::string(databases));
    auto ended = processes.run(command);
    if (!ended) return std::move(ended).error();
    // It goes on with the next database, and its exit code is 0 all the same.
    if (ended->code == 0 && trim(ended->errors).empty()) return {};
    return Error{Fault::io, "dconf could not compile its databases.", std::string(trim(ended->errors))};
}

Outcome Dconf::settle(const std::vector<Change>& made, Processes& processes) const {
    auto known = sources();
    if (!known) return std::move(known).error();
    const auto stale = [&]() -> Result<std::string> {  // the first one; empty: none
        for (const auto& database : *known) {
            const auto directory = std::string(databases) + database + ".d/";
            const bool touched = std::any_of(made.begin(), made.end(),
                                             [&](const Change& each) { return each.path.starts_with(directory); });
            if (!touched) continue;
            auto current = compiled(database);
            if (!current) return std::move(current).error();
            if (!*current) return database;
        }
        return std::string();
    };
    auto first = stale();
    if (!first) return std::move(first).error();
    auto has_tool = files_.present(tool);
    if (!has_tool) return std::move(has_tool).error();
    if (first->empty() || !*has_tool) return {};  // a device without the tool has lost its desktop, too
    if (auto ran = compile(processes); !ran) return ran;
    auto left = stale();
    if (!left) return std::move(left).error();
    if (left->empty()) return {};
    return Error{Fault::io, "dconf did not compile its database.", std::string(databases) + *left};
}

}  // namespace steward::platform

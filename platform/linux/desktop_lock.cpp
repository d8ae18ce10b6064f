// The inactivity limit of desktops, which otherwise is a matter of taste of whoever is signed in: GNOME's keys are set
// and locked in a system database of dconf, KDE's are made immutable. A desktop that is not installed is no door.
// Source: org.gnome.desktop.session, .screensaver and .lockdown; kscreenlockerrc of KDE.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/dconf.h"
#include "platform/linux/drop_in.h"
#include "platform/linux/password_places.h"

namespace steward::platform {
namespace {

constexpr std::string_view gnome_shell = "/usr/bin/gnome-shell", plasma_shell = "/usr/bin/plasmashell";
constexpr std::string_view our_name = "50-steward";
constexpr std::string_view kde_file = "/etc/xdg/kscreenlockerrc";
constexpr std::string_view head_of_ours = "# Managed by Steward";

constexpr std::string_view idle_delay = "org/gnome/desktop/session/idle-delay",
                           lock_enabled = "org/gnome/desktop/screensaver/lock-enabled",
                           lock_delay = "org/gnome/desktop/screensaver/lock-delay",
                           no_lock_screen = "org/gnome/desktop/lockdown/disable-lock-screen";
constexpr std::array all_keys = {idle_delay, lock_enabled, lock_delay, no_lock_screen};

std::string key_file(const std::string& database) {
    return std::string(Dconf::databases) + database + ".d/" + std::string(our_name);
}
std::string lock_file_of(const std::string& database) {
    return std::string(Dconf::databases) + database + ".d/locks/" + std::string(our_name);
}

std::string gnome_body(int minutes) {
    return "[org/gnome/desktop/session]\nidle-delay=uint32 " + std::to_string(minutes * 60) +
           "\n[org/gnome/desktop/screensaver]\nlock-enabled=true\nlock-delay=uint32 0\n"
           "[org/gnome/desktop/lockdown]\ndisable-lock-screen=false\n";
}

std::string gnome_locks() {
    std::string text;
    for (const auto key : all_keys) text += "/" + std::string(key) + "\n";
    return text;
}

std::string kde_body(int minutes) {
    return "[Daemon][$i]\nAutolock=true\nTimeout=" + std::to_string(minutes) + "\nLockGrace=0\nLockOnResume=true\n";
}

// The number of "uint32 900" or "900".
std::optional<std::int64_t> number_of(std::string_view text) {
    constexpr std::string_view type = "uint32 ";
    if (text.starts_with(type)) text.remove_prefix(type.size());
    return to_integer(trim(text));
}

// 0: whoever is signed in may leave the desktop open for as long as he likes.
Result<int> gnome_minutes(const Files& files) {
    const Dconf dconf(files);
    auto database = dconf.database();
    if (!database) return std::move(database).error();
    if (!*database) return 0;
    auto current = dconf.compiled(**database);
    if (!current) return std::move(current).error();
    auto keys = dconf.keys(**database);
    if (!keys) return std::move(keys).error();
    const bool all_locked = std::all_of(all_keys.begin(), all_keys.end(), [&](std::string_view key) {
        return keys->locked.contains("/" + std::string(key));
    });
    const auto value = [&](std::string_view key) { return keys->values[std::string(key)]; };
    const auto idle = number_of(value(idle_delay)), delay = number_of(value(lock_delay));
    if (!*current || !all_locked || value(lock_enabled) != "true" || value(no_lock_screen) != "false" || !idle ||
        !delay || *idle <= 0 || *delay < 0 || *idle > 100'000'000 || *delay > 100'000'000)
        return 0;
    return static_cast<int>((*idle + *delay + 59) / 60);
}

Result<int> kde_minutes(const Files& files) {
    auto text = files.find(kde_file);
    if (!text) return std::move(text).error();
    bool in_group = false, locks = false;
    std::int64_t minutes = 0, grace_seconds = 0;
    const auto content = text->value_or("");
    for (const auto raw : split(content, '\n')) {
        const auto line = trim(raw);
        if (line.starts_with('[')) in_group = line == "[Daemon][$i]";
        const auto equals = line.find('=');
        if (!in_group || equals == std::string_view::npos) continue;
        const auto key = trim(line.substr(0, equals)), value = trim(line.substr(equals + 1));
        if (key == "Autolock") locks = value == "true";
        if (key == "Timeout") minutes = to_integer(value).value_or(0);
        if (key == "LockGrace") grace_seconds = to_integer(value).value_or(0);
    }
    if (!locks || minutes <= 0 || minutes > 1'000'000 || grace_seconds < 0 || grace_seconds > 1'000'000) return 0;
    return static_cast<int>(minutes + (grace_seconds + 59) / 60);
}

// The database for our keys, when nothing is in their way. `profile`: of sessions; nullopt or ours: made by us.
Result<std::string> enforceable(const Files& files, const std::optional<std::string>& profile) {
    if (auto tool = files.present(Dconf::tool); !tool || !*tool) {
        return Error{
            Fault::unsupported,
            "GNOME is installed here, but not the tool that gives it rules: install dconf (Debian: dconf-cli).",
            std::string(Dconf::tool)};
    }
    const Dconf dconf(files);
    Result<std::optional<std::string>> database = std::optional<std::string>("local");
    if (profile && !profile->starts_with(head_of_ours)) database = dconf.database();
    if (!database) return std::move(database).error();
    if (!*database) {
        return Error{Fault::unsupported,
                     "The sessions of this device read no system database of dconf: add \"system-db:local\" to their "
                     "profile.",
                     std::string(Dconf::profile)};
    }
    auto keys = dconf.keys(**database);
    if (!keys) return std::move(keys).error();
    for (const auto key : all_keys) {
        const auto by = keys->decided_by.find(std::string(key));
        if (by != keys->decided_by.end() && by->second > key_file(**database)) {
            return Error{Fault::unsupported, "Another key file, read after ours, decides when GNOME locks.",
                         by->second};
        }
    }
    return std::move(**database);
}

Outcome add(const Files& files, std::vector<Change>& changes, std::string path, const std::string& body) {
    auto change = drop_in(files, std::move(path), body);
    if (!change) return std::move(change).error();
    changes.push_back(std::move(*change));
    return {};
}

// Our two files of a database, and what was compiled of them alone.
Outcome take_away(const Files& files, const std::string& database, std::vector<Change>& changes) {
    auto mine = drop_in(files, key_file(database), "");
    if (!mine) return std::move(mine).error();
    const auto made = mine->prune;
    changes.push_back(std::move(*mine));
    if (auto added = add(files, changes, lock_file_of(database), ""); !added) return added;
    if (made == 0) return {};
    Change compiled{std::string(Dconf::databases) + database, std::nullopt};
    compiled.prune = made - 1;
    changes.push_back(std::move(compiled));
    return {};
}

Outcome plan_gnome(const Files& files, int minutes, std::vector<Change>& changes) {
    auto profile = files.find(Dconf::profile);
    if (!profile) return std::move(profile).error();
    std::string database;
    if (minutes > 0) {
        auto usable = enforceable(files, *profile);
        if (!usable) return std::move(usable).error();
        database = std::move(*usable);
    }
    const bool profile_is_ours = *profile && (*profile)->starts_with(head_of_ours);
    if (profile_is_ours || (!database.empty() && !*profile)) {
        const std::string body = database.empty() ? "" : "user-db:user\nsystem-db:" + database + "\n";
        if (auto added = add(files, changes, std::string(Dconf::profile), body); !added) return added;
    }
    auto sources = Dconf(files).sources();
    if (!sources) return std::move(sources).error();
    for (const auto& each : *sources) {
        if (each == database || !files.exists(key_file(each))) continue;
        if (auto taken = take_away(files, each, changes); !taken) return taken;
    }
    if (database.empty()) return {};
    if (auto added = add(files, changes, key_file(database), gnome_body(minutes)); !added) return added;
    return add(files, changes, lock_file_of(database), gnome_locks());
}

Outcome plan_kde(const Files& files, int minutes, std::vector<Change>& changes) {
    auto present = files.find(kde_file);
    if (!present) return std::move(present).error();
    const bool ours = *present && (*present)->starts_with(head_of_ours);
    if (*present && !ours) {
        if (minutes == 0) return {};
        auto already = kde_minutes(files);
        if (!already) return std::move(already).error();
        if (*already > 0 && *already <= minutes) return {};
        return Error{Fault::unsupported, "Somebody else's file decides when KDE locks.", std::string(kde_file)};
    }
    if (minutes == 0 && !ours) return {};
    return add(files, changes, std::string(kde_file), minutes == 0 ? "" : kde_body(minutes));
}

Outcome plan(const Files& files, const PasswordRules& rules, std::vector<Change>& changes) {
    const int minutes = std::max(rules.inactivity_minutes.value_or(0), 0);
    auto gnome = files.present(gnome_shell);
    if (!gnome) return std::move(gnome).error();
    auto kde = files.present(plasma_shell);
    if (!kde) return std::move(kde).error();
    if (auto planned = plan_gnome(files, *gnome ? minutes : 0, changes); !planned) return planned;
    return plan_kde(files, *kde ? minutes : 0, changes);
}

// After the doors without a desktop have been looked at.
Outcome read(const Files& files, PasswordRules& rules) {
    for (const auto& [shell, minutes_of] :
         {std::pair(gnome_shell, &gnome_minutes), std::pair(plasma_shell, &kde_minutes)}) {
        if (rules.inactivity_minutes.value_or(0) == 0) return {};
        auto there = files.present(shell);
        if (!there) return std::move(there).error();
        if (!*there) continue;
        auto minutes = minutes_of(files);
        if (!minutes) return std::move(minutes).error();
        rules.inactivity_minutes = *minutes == 0 ? 0 : std::max(*rules.inactivity_minutes, *minutes);
    }
    return {};
}

}  // namespace

const PasswordPlace desktop_lock = {read, plan};

}  // namespace steward::platform

#include "platform/linux/apt_packages.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/apt_plan.h"
#include "platform/linux/drop_in.h"

namespace steward::platform {
namespace {

constexpr std::string_view history_file = "/var/log/apt/history.log";
constexpr std::string_view restart_packages = "/run/reboot-required.pkgs";
constexpr std::string_view restart_file = "/run/reboot-required";
constexpr std::string_view pins_file = "/etc/apt/preferences.d/50-steward";
constexpr std::string_view package_field = "Package: ", version_field = "Pin: version ";
constexpr int installed_by_itself = 500;  // the priority of an archive that nobody said anything of
constexpr const char* needrestart = "/usr/sbin/needrestart";
constexpr std::chrono::minutes longest_look{2};
constexpr const char* installer = "/usr/bin/unattended-upgrade";
constexpr std::chrono::hours longest_install{3};
constexpr std::string_view scan_stamps[] = {"/var/lib/apt/periodic/update-success-stamp",
                                            "/var/lib/apt/periodic/update-stamp"};
constexpr std::size_t history_limit = 16 << 20;

constexpr int security = 1, other = 0;

// One paragraph of a file in Debian's control format.
struct Paragraph {
    std::map<std::string_view, std::string_view> fields;

    std::string_view get(std::string_view name) const {
        const auto found = fields.find(name);
        return found == fields.end() ? std::string_view() : found->second;
    }
};

void each_paragraph(std::string_view text, const std::function<void(const Paragraph&)>& use) {
    Paragraph paragraph;
    for (const auto line : split(text, '\n')) {
        if (trim(line).empty()) {
            if (!paragraph.fields.empty()) use(paragraph);
            paragraph.fields.clear();
            continue;
        }
        const auto colon = line.find(':');
        if (line.front() == ' ' || colon == std::string_view::npos) continue;
        paragraph.fields.emplace(line.substr(0, colon), trim(line.substr(colon + 1)));
    }
    if (!paragraph.fields.empty()) use(paragraph);
}

// "2026-11-24  06:12:30", local time; apt writes no zone.
std::optional<std::string> utc_of(std::string_view text) {
    std::tm local{};
    const std::string copy(text);
    if (::strptime(copy.c_str(), "%Y-%m-%d %H:%M:%S", &local) == nullptr) return std::nullopt;
    local.tm_isdst = -1;
    const auto seconds = std::mktime(&local);
    if (seconds < 0) return std::nullopt;
    return iso_extended(seconds);
}

// "openssl:amd64 (3.0.16-1, 3.0.17-1), libc6:amd64 (…)"
void add_upgrades(std::string_view text, const std::optional<std::string>& when,
                  std::vector<std::pair<std::string, PackageUpdate>>& updates) {
    while (!text.empty()) {
        const auto open = text.find(" ("), close = text.find(')');
        if (open == std::string_view::npos || close == std::string_view::npos || close < open) return;
        const auto name = text.substr(0, std::min(text.find(':'), open));
        const auto versions = split(text.substr(open + 2, close - open - 2), ',');
        if (versions.size() >= 2) {
            PackageUpdate update;
            update.when = when;
            update.previous = std::string(trim(versions[0]));
            updates.emplace_back(update_key(name, trim(versions[1])), std::move(update));
        }
        text = trim(text.substr(close + 1));
        if (text.starts_with(',')) text = trim(text.substr(1));
    }
}

std::optional<Instant> changed(const Files& files, std::string_view path) {
    const auto found = files.stat(path);
    if (!found) return std::nullopt;
    return Instant(std::chrono::seconds(found->st_mtim.tv_sec));
}

void add_update(const Apt::Upgrade& upgrade, PackageUpdates& updates) {
    PackageUpdate update;
    update.kind = lower(upgrade.origin).find("security") != std::string::npos ? security : other;
    update.previous = upgrade.from;
    updates.emplace(update_key(upgrade.name, upgrade.to), std::move(update));
}

}  // namespace

Result<bool> AptPackages::present() const {
    return apt_.present();
}

Outcome AptPackages::fetch() {
    return {};  // apt's own timer does, and calls us when it has
}

Result<PackageUpdates> AptPackages::installable() {
    PackageUpdates updates;
    auto upgrades = apt_.upgrades();
    if (!upgrades) return std::move(upgrades).error();
    for (const auto& upgrade : *upgrades) add_update(upgrade, updates);
    auto held = kept_back();
    if (!held) return std::move(held).error();
    auto rules = hold_rules();
    if (!rules) return std::move(rules).error();
    if (!rules->any() && held->empty()) return updates;
    // Of what is pinned, and of what lies between it and what is installed, apt speaks only when it is asked by name.
    UpdateNames names;
    for (const auto& update : *held) names.insert(package_of(update));
    for (const auto& entry : updates) names.insert(package_of(entry.first));
    if (names.empty()) return updates;
    auto newer = apt_.newer({names.begin(), names.end()});
    if (!newer) return std::move(newer).error();
    for (const auto& upgrade : *newer) {
        const bool by_itself = upgrade.priority >= installed_by_itself;
        if (by_itself || held->contains(update_key(upgrade.name, upgrade.to))) add_update(upgrade, updates);
    }
    return updates;
}

Result<PackageUpdates> AptPackages::installed() {
    auto text = files_.find(history_file, history_limit);
    if (!text) return std::move(text).error();
    std::vector<std::pair<std::string, PackageUpdate>> found;
    if (*text) {
        each_paragraph(**text, [&](const Paragraph& paragraph) {
            add_upgrades(paragraph.get("Upgrade"), utc_of(paragraph.get("Start-Date")), found);
        });
    }
    return latest(std::move(found));
}

Result<PackageUpdates> AptPackages::failed() {
    auto packages = apt_.packages();
    if (!packages) return std::move(packages).error();
    PackageUpdates updates;
    for (const auto& package : *packages) {
        // "install ok installed": what is wanted, a flag, and how far dpkg got. Source: dpkg-query(1).
        const auto words = split(package.status, ' ');
        if (words.size() != 3 || words[0] == "deinstall" || words[0] == "purge") continue;
        const bool whole = words[2] == "installed" || words[2] == "triggers-awaited" ||
                           words[2] == "triggers-pending" || words[2] == "not-installed" || words[2] == "config-files";
        if (whole && words[1] == "ok") continue;
        PackageUpdate update;
        update.reason = "dpkg left it " + std::string(words[2]) + (words[1] == "ok" ? "" : ", to be installed again") +
                        ": dpkg --configure -a tells why.";
        updates.emplace(update_key(package.name, package.version), std::move(update));
    }
    return updates;
}

Result<PackageUpdates> AptPackages::pending_restart() {
    PackageUpdates updates;
    auto text = files_.find(restart_packages);
    if (!text) return std::move(text).error();
    auto wanted = restart_wanted();
    if (!wanted) return std::move(wanted).error();
    if (!*wanted) return updates;
    std::map<std::string, std::string, std::less<>> versions;
    if (auto packages = apt_.packages()) {  // without it the names will do
        for (auto& package : *packages) versions.emplace(std::move(package.name), std::move(package.version));
    }
    PackageUpdate update;
    update.when = iso_extended((*wanted)->time_since_epoch().count());
    update.reason = "It is in use until the device restarts.";
    const std::string names = text->value_or("");
    for (const auto line : split(names, '\n')) {
        const auto name = trim(line);
        const auto version = versions.find(name);
        if (!name.empty()) updates.emplace(update_key(name, version == versions.end() ? "" : version->second), update);
    }
    if (updates.empty()) updates.emplace("unknown", update);  // somebody wants it and does not say for what
    return updates;
}

Result<std::optional<Instant>> AptPackages::restart_wanted() {
    auto wanted = files_.present(restart_file);
    if (!wanted) return std::move(wanted).error();
    if (!*wanted) return std::optional<Instant>();
    const auto found = files_.stat(restart_file);
    if (!found) return found.error();
    return std::optional(Instant(std::chrono::seconds(found->st_mtim.tv_sec)));
}

Result<std::optional<Instant>> AptPackages::last_fetched() {
    for (const auto stamp : scan_stamps) {
        if (const auto time = changed(files_, stamp)) return time;
    }
    return std::optional<Instant>();
}

Result<std::vector<std::string>> AptPackages::stale_services() {
    auto here = files_.present(needrestart);
    if (!here) return std::move(here).error();
    if (!*here) {
        return Error{Fault::unsupported,
                     "Nothing on this device tells which services run what an update has replaced: install the package "
                     "needrestart.",
                     needrestart};
    }
    Command command;
    command.arguments = {needrestart, "-b", "-l", "-r", "l"};  // for programs; services alone; restart none
    command.deadline = longest_look;
    auto ended = processes_.run(command);
    if (!ended) return std::move(ended).error();
    if (ended->code != 0) {
        return Error{Fault::io, "needrestart failed with exit code " + std::to_string(ended->code) + ".",
                     std::string(trim(ended->errors))};
    }
    std::vector<std::string> units;
    for (const auto line : split(ended->output, '\n')) {
        constexpr std::string_view head = "NEEDRESTART-SVC:";
        if (line.starts_with(head)) units.emplace_back(trim(line.substr(head.size())));
    }
    return units;
}

Result<HoldRules> AptPackages::hold_rules() {
    auto options = apt_.options();
    if (!options) return std::move(options).error();
    return kept_words(*options).holds;
}

Result<UpdateNames> AptPackages::kept_back() {
    UpdateNames pinned;
    auto text = files_.find(pins_file);
    if (!text) return std::move(text).error();
    if (!*text) return pinned;
    std::string_view name;
    for (const auto line : split(**text, '\n')) {
        if (line.starts_with(package_field)) name = line.substr(package_field.size());
        if (line.starts_with(version_field) && !name.empty()) {
            pinned.insert(update_key(name, line.substr(version_field.size())));
        }
    }
    return pinned;
}

Result<Change> AptPackages::keep_back(const UpdateNames& updates) {
    std::string body;
    for (const auto& update : updates) {
        body += "\n" + std::string(package_field) + package_of(update) + "\n" + std::string(version_field) +
                version_of(update) + "\nPin-Priority: -1\n";
    }
    return drop_in(files_, std::string(pins_file), body);
}

Result<std::string> AptPackages::install() {
    Command command;
    command.arguments = {installer};
    command.environment = {{"DEBIAN_FRONTEND", "noninteractive"}};
    command.deadline = longest_install;
    auto ended = processes_.run(command);
    if (!ended) return std::move(ended).error();
    if (ended->code != 0) {
        return Error{Fault::io, "unattended-upgrade could not install what is due: see /var/log/unattended-upgrades.",
                     "exit code " + std::to_string(ended->code) + ": " + std::string(trim(ended->errors))};
    }
    return std::string("unattended-upgrade installed what it may install.");
}

}  // namespace steward::platform

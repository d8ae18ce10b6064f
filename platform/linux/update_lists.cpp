#include "platform/linux/update_lists.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::string_view history_file = "/var/log/apt/history.log";
constexpr std::string_view restart_packages = "/run/reboot-required.pkgs";
constexpr std::string_view restart_wanted = "/run/reboot-required";
constexpr std::string_view scan_stamps[] = {"/var/lib/apt/periodic/update-success-stamp",
                                            "/var/lib/apt/periodic/update-stamp"};
constexpr std::size_t history_limit = 16 << 20;
constexpr std::size_t most_installed = 500;  // the newest of them

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

Error read_only() {
    return {Fault::refused, "What the operating system says of its updates is read, not set.", {}};
}

std::optional<std::string> time_of(const Files& files, std::string_view path) {
    const auto found = files.stat(path);
    if (!found) return std::nullopt;
    return iso_extended(found->st_mtim.tv_sec);
}

}  // namespace

std::string update_key(std::string_view name, std::string_view version) {
    return std::string(name) + "_" + std::string(version);
}

void add_update(const Apt::Upgrade& upgrade, PackageUpdates& updates) {
    PackageUpdate update;
    update.kind = lower(upgrade.origin).find("security") != std::string::npos ? security : other;
    update.previous = upgrade.from;
    updates.emplace(update_key(upgrade.name, upgrade.to), std::move(update));
}

Result<PackageUpdates> installable_updates(const Apt& apt) {
    PackageUpdates updates;
    auto has_apt = apt.present();
    if (!has_apt) return std::move(has_apt).error();
    if (!*has_apt) return Error{Fault::not_found, "This device has no apt to be asked for updates.", {}};
    auto upgrades = apt.upgrades();
    if (!upgrades) return std::move(upgrades).error();
    for (const auto& upgrade : *upgrades) add_update(upgrade, updates);
    return updates;
}

Result<PackageUpdates> installed_updates(const Files& files) {
    auto text = files.find(history_file, history_limit);
    if (!text) return std::move(text).error();
    std::vector<std::pair<std::string, PackageUpdate>> found;
    if (*text) {
        each_paragraph(**text, [&](const Paragraph& paragraph) {
            add_upgrades(paragraph.get("Upgrade"), utc_of(paragraph.get("Start-Date")), found);
        });
    }
    if (found.size() > most_installed) found.erase(found.begin(), found.end() - most_installed);
    PackageUpdates updates;
    for (auto& [key, update] : found) updates.insert_or_assign(key, std::move(update));
    return updates;
}

Result<PackageUpdates> failed_updates(const Apt& apt) {
    auto packages = apt.packages();
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

Result<PackageUpdates> updates_pending_restart(const Files& files, const Apt& apt) {
    PackageUpdates updates;
    auto text = files.find(restart_packages);
    if (!text) return std::move(text).error();
    auto wanted = files.present(restart_wanted);
    if (!wanted) return std::move(wanted).error();
    if (!*wanted) return updates;
    std::map<std::string, std::string, std::less<>> versions;
    if (auto packages = apt.packages()) {  // without it the names will do
        for (auto& package : *packages) versions.emplace(std::move(package.name), std::move(package.version));
    }
    PackageUpdate update;
    update.when = time_of(files, restart_wanted);
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

Result<UpdateFacts> LinuxUpdateFacts::read() {
    UpdateFacts facts;
    for (const auto stamp : scan_stamps) {
        if (!facts.last_scan) facts.last_scan = time_of(files_, stamp);
    }
    return facts;
}

Outcome LinuxUpdateFacts::write(const UpdateFacts&) {
    return read_only();
}

}  // namespace steward::platform

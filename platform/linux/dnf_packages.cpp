#include "platform/linux/dnf_packages.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/dnf_conf.h"

namespace steward::platform {
namespace {

constexpr std::string_view history_file = "/var/log/dnf.rpm.log";
constexpr std::string_view cache_directory = "/var/cache/dnf";
constexpr std::string_view excluded_key = "main.excludepkgs";
constexpr std::size_t history_limit = 16 << 20;
constexpr int security = 1, other = 0;

// "2026-11-24T06:12:30+0100"
std::optional<std::string> utc_of(std::string_view text) {
    std::tm time{};
    const std::string copy(text);
    const char* rest = ::strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S%z", &time);
    if (rest == nullptr) return std::nullopt;
    const auto offset = time.tm_gmtoff;  // timegm() sets it
    return iso_extended(::timegm(&time) - offset);
}

// "openssl-1:3.0.7-27.el9.x86_64" of a line of the log.
std::optional<std::string> update_in(std::string_view line, std::string_view word) {
    const auto at = line.find(word);
    if (at == std::string_view::npos) return std::nullopt;
    auto nevra = trim(line.substr(at + word.size()));
    return update_of(nevra.substr(0, nevra.rfind('.')));
}

std::map<std::string, std::string, std::less<>> versions_of(const std::vector<Dnf::Package>& packages) {
    std::map<std::string, std::string, std::less<>> versions;
    for (const auto& package : packages) versions.insert_or_assign(package.name, package.version);
    return versions;
}

}  // namespace

Result<PackageUpdates> DnfPackages::installable() {
    auto rules = hold_rules();
    if (!rules) return std::move(rules).error();
    auto held = kept_back();
    if (!held) return std::move(held).error();
    // Behind a version that waits dnf finds the one before it.
    const bool only_latest = !rules->any() && held->empty();
    auto all = dnf_.upgrades({only_latest, false});
    if (!all) return std::move(all).error();
    PackageUpdates updates;
    if (all->empty()) return updates;
    auto mending = dnf_.upgrades({only_latest, true});
    if (!mending) return std::move(mending).error();
    auto packages = dnf_.packages();
    if (!packages) return std::move(packages).error();
    const auto versions = versions_of(*packages);
    for (const auto& package : *all) {
        PackageUpdate update;
        update.kind = other;
        if (const auto from = versions.find(package.name); from != versions.end()) update.previous = from->second;
        updates.emplace(update_key(package.name, package.version), std::move(update));
    }
    for (const auto& package : *mending) {
        const auto found = updates.find(update_key(package.name, package.version));
        if (found != updates.end()) found->second.kind = security;
    }
    return updates;
}

// 2026-11-24T06:12:30+0100 SUBDEBUG Upgrade: alpha-1.1-1.noarch
// 2026-11-24T06:12:30+0100 SUBDEBUG Upgraded: alpha-1.0-1.noarch
Result<PackageUpdates> DnfPackages::installed() {
    auto text = files_.find(history_file, history_limit);
    if (!text) return std::move(text).error();
    std::vector<std::pair<std::string, PackageUpdate>> found;
    const std::string log = text->value_or("");
    for (const auto line : split(log, '\n')) {
        if (auto update = update_in(line, " Upgrade: ")) {
            PackageUpdate what;
            what.when = utc_of(line.substr(0, line.find(' ')));
            found.emplace_back(std::move(*update), std::move(what));
        } else if (const auto before = update_in(line, " Upgraded: ")) {
            const auto newer = std::find_if(found.rbegin(), found.rend(), [&](const auto& each) {
                return package_of(each.first) == package_of(*before);
            });
            if (newer != found.rend()) newer->second.previous = version_of(*before);
        }
    }
    return latest(std::move(found));
}

Result<PackageUpdates> DnfPackages::failed() {
    auto twice = dnf_.twice();
    if (!twice) return std::move(twice).error();
    PackageUpdates updates;
    std::map<std::string, std::vector<std::string>> versions;
    for (const auto& package : *twice) versions[package.name].push_back(package.version);
    for (const auto& [name, each] : versions) {
        PackageUpdate update;
        update.reason = "An update was cut short: it is there in " + std::to_string(each.size()) +
                        " versions; dnf remove --duplicates puts it right.";
        updates.emplace(update_key(name, each.back()), std::move(update));
    }
    return updates;
}

// Each that wants a restart, as it was installed last; without a version where rpm does not know it.
Result<std::vector<Dnf::Package>> DnfPackages::wanting_restart() {
    std::vector<Dnf::Package> newest;
    auto names = dnf_.wanting_restart();
    if (!names) return std::move(names).error();
    if (names->empty()) return newest;
    auto packages = dnf_.packages();
    if (!packages) return std::move(packages).error();
    for (auto& name : *names) {
        auto& found = newest.emplace_back(Dnf::Package{std::move(name), {}, {}});
        for (const auto& package : *packages) {
            if (package.name == found.name && (found.version.empty() || package.installed > found.installed)) {
                found = package;
            }
        }
    }
    return newest;
}

Result<PackageUpdates> DnfPackages::pending_restart() {
    PackageUpdates updates;
    auto packages = wanting_restart();
    if (!packages) return std::move(packages).error();
    for (const auto& package : *packages) {
        PackageUpdate update;
        update.reason = "It is in use until the device restarts.";
        if (package.installed) update.when = iso_extended(package.installed->time_since_epoch().count());
        updates.emplace(update_key(package.name, package.version), std::move(update));
    }
    return updates;
}

Result<std::optional<Instant>> DnfPackages::restart_wanted() {
    auto packages = wanting_restart();
    if (!packages) return std::move(packages).error();
    std::optional<Instant> since;
    for (const auto& package : *packages) {
        if (package.installed) since = std::min(since.value_or(*package.installed), *package.installed);
    }
    if (!since && !packages->empty()) {
        return Error{Fault::io, "A restart is wanted, and nobody knows since when.", packages->front().name};
    }
    return since;
}

// dnf sets the time of a list that it found to be up to date.
Result<std::optional<Instant>> DnfPackages::last_fetched() {
    std::optional<Instant> newest;
    auto repositories = files_.list(cache_directory);
    if (!repositories) {
        if (repositories.error().fault == Fault::not_found) return newest;
        return std::move(repositories).error();
    }
    for (const auto& repository : *repositories) {
        const auto directory = std::string(cache_directory) + "/" + repository + "/repodata";
        const auto lists = files_.list(directory);
        if (!lists) continue;
        for (const auto& list : *lists) {
            if (list.find("primary") == std::string::npos) continue;
            const auto found = files_.stat(directory + "/" + list);
            if (!found) continue;
            const Instant time{std::chrono::seconds(found->st_mtim.tv_sec)};
            newest = std::max(newest.value_or(time), time);
        }
    }
    return newest;
}

Result<HoldRules> DnfPackages::hold_rules() {
    auto kept = kept_words(files_);
    if (!kept) return std::move(kept).error();
    return kept->holds;
}

Result<UpdateNames> DnfPackages::kept_back() {
    auto text = files_.find(dnf_conf);
    if (!text) return std::move(text).error();
    UpdateNames names;
    for (const auto& entry : excluded(ConfFile(ConfFile::Style::sections, *text).value(excluded_key))) {
        if (auto update = update_of(entry)) names.insert(std::move(*update));
    }
    return names;
}

Result<Change> DnfPackages::keep_back(const UpdateNames& updates) {
    auto text = files_.find(dnf_conf);
    if (!text) return std::move(text).error();
    const ConfFile file(ConfFile::Style::sections, *text);
    std::vector<Assignment> ours;
    if (!updates.empty()) {
        std::vector<std::string> specs;
        for (const auto& update : updates) specs.push_back(spec_of(update));
        ours.push_back(excluding(file, std::string(excluded_key), specs));
    }
    return Change{std::string(dnf_conf), file.with(ours)};
}

Result<std::string> DnfPackages::install() {
    if (auto installed = dnf_.install(); !installed) return std::move(installed).error();
    return std::string("dnf-automatic installed what it may install.");
}

}  // namespace steward::platform

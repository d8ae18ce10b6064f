#include "platform/linux/update_holds.h"

#include <algorithm>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/update_lists.h"

namespace steward::platform {
namespace {

constexpr std::string_view pins_file = "/etc/apt/preferences.d/50-steward";
constexpr std::string_view restart_wanted = "/run/reboot-required";
constexpr std::string_view package_field = "Package: ", version_field = "Pin: version ";

constexpr int installed_by_itself = 500;  // the priority of an archive that nobody said anything of

std::string package_of(std::string_view update) {
    return std::string(update.substr(0, update.rfind('_')));
}

std::string reason(const HoldRules& rules, const std::optional<Instant>& offered) {
    if (!offered) return "It waits for approval.";
    return "It may be installed from " + iso_extended(offered->time_since_epoch().count()) + " on, " +
           std::to_string(rules.defer_days) + " days after it was first there.";
}

}  // namespace

std::optional<Instant> UpdateHolds::offered(const HoldRules& rules, const UpdateTimes& approvals,
                                            std::string_view update, Instant seen) {
    const auto approved = approvals.find(update);
    if (approved != approvals.end()) return std::max(seen, approved->second);  // somebody wants it, whatever its age
    if (rules.approval_required) return std::nullopt;
    return seen + std::chrono::days(rules.defer_days);
}

bool UpdateHolds::waits(const HoldRules& rules, const UpdateTimes& approvals, std::string_view update,
                        Instant seen) const {
    const auto from = offered(rules, approvals, update, seen);
    return !from || *from > clock_.now();
}

Result<std::set<std::string, std::less<>>> UpdateHolds::pinned() const {
    std::set<std::string, std::less<>> pinned;
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

Result<PackageUpdates> UpdateHolds::installable() const {
    auto updates = installable_updates(apt_);
    if (!updates) return updates;
    auto options = apt_.options();
    if (!options) return std::move(options).error();
    const auto rules = hold_rules(*options);
    auto held = pinned();
    if (!held) return std::move(held).error();
    if (!rules.any() && held->empty()) return updates;
    // Of what is pinned, and of what lies between it and what is installed, apt speaks only when it is asked by name.
    std::set<std::string, std::less<>> names;
    for (const auto& update : *held) names.insert(package_of(update));
    for (const auto& entry : *updates) names.insert(package_of(entry.first));
    if (names.empty()) return updates;
    auto newer = apt_.newer({names.begin(), names.end()});
    if (!newer) return std::move(newer).error();
    for (const auto& upgrade : *newer) {
        const bool by_itself = upgrade.priority >= installed_by_itself;
        if (by_itself || held->contains(update_key(upgrade.name, upgrade.to))) add_update(upgrade, *updates);
    }
    auto notes = kept_notes(files_);
    if (!notes) return std::move(notes).error();
    auto approvals = kept_approvals(files_);
    if (!approvals) return std::move(approvals).error();
    for (auto& [name, update] : *updates) {
        const auto seen = notes->seen.find(name);
        if (!held->contains(name) || seen == notes->seen.end()) continue;
        update.reason = reason(rules, offered(rules, *approvals, name, seen->second));
    }
    return updates;
}

Result<UpdateNotes> UpdateHolds::look() const {
    auto waiting = installable();
    return waiting ? look(*waiting) : Result<UpdateNotes>(std::move(waiting).error());
}

Result<UpdateNotes> UpdateHolds::look(const PackageUpdates& waiting) const {
    auto before = kept_notes(files_);
    if (!before) return before;
    auto wanted = files_.present(restart_wanted);
    if (!wanted) return std::move(wanted).error();
    UpdateNotes now;
    const auto time = clock_.now();
    for (const auto& entry : waiting) {
        const auto known = before->seen.find(entry.first);
        // A clock that was set back must not put a deadline off for ever.
        now.seen.emplace(entry.first, known == before->seen.end() ? time : std::min(known->second, time));
    }
    if (!*wanted) return now;
    now.oldest_installed = before->oldest_installed;
    for (const auto& [update, seen] : before->seen) {
        if (!now.seen.contains(update)) now.oldest_installed = std::min(now.oldest_installed.value_or(seen), seen);
    }
    return now;
}

Result<Change> UpdateHolds::pins(const HoldRules& rules, const UpdateNotes& notes) const {
    std::string body;
    if (rules.any()) {
        auto approvals = kept_approvals(files_);
        if (!approvals) return std::move(approvals).error();
        for (const auto& [update, seen] : notes.seen) {
            if (!waits(rules, *approvals, update, seen)) continue;
            const auto mark = update.rfind('_');
            body += "\n" + std::string(package_field) + update.substr(0, mark) + "\n" + std::string(version_field) +
                    update.substr(mark + 1) + "\nPin-Priority: -1\n";
        }
    }
    return drop_in(files_, std::string(pins_file), body);
}

Outcome UpdateHolds::settle() {
    auto options = apt_.options();
    if (!options) return std::move(options).error();
    auto notes = kept_notes(files_);
    if (!notes) return std::move(notes).error();
    auto change = pins(hold_rules(*options), *notes);
    if (!change) return std::move(change).error();
    return files_.apply({&*change, 1});
}

Result<bool> UpdateHolds::in_force(const HoldRules& rules) const {
    if (!rules.any()) return true;
    auto notes = kept_notes(files_);
    if (!notes) return std::move(notes).error();
    auto approvals = kept_approvals(files_);
    if (!approvals) return std::move(approvals).error();
    auto held = pinned();
    if (!held) return std::move(held).error();
    return std::all_of(notes->seen.begin(), notes->seen.end(), [&](const auto& entry) {
        return !waits(rules, *approvals, entry.first, entry.second) || held->contains(entry.first);
    });
}

Outcome LinuxApprovals::settle() {
    auto has_apt = apt_.present();
    if (!has_apt) return std::move(has_apt).error();
    return *has_apt ? holds_.settle() : Outcome();
}

Result<std::vector<std::string>> LinuxApprovals::names() {
    auto approvals = kept_approvals(files_);
    if (!approvals) return std::move(approvals).error();
    std::vector<std::string> names;
    for (const auto& entry : *approvals) names.push_back(entry.first);
    return names;
}

Result<Approval> LinuxApprovals::read(std::string_view key) {
    auto approvals = kept_approvals(files_);
    if (!approvals) return std::move(approvals).error();
    const auto found = approvals->find(key);
    if (found == approvals->end()) return Error{Fault::not_found, "This update is not approved.", std::string(key)};
    return Approval{iso_extended(found->second.time_since_epoch().count())};
}

Outcome LinuxApprovals::write(std::string_view key, const Approval&) {
    const auto mark = key.rfind('_');
    if (mark == 0 || mark == std::string_view::npos || mark + 1 == key.size() ||
        key.find_first_of(" \n\t") != std::string_view::npos) {
        return Error{Fault::invalid, "An update is approved by its package and version, as in \"openssl_3.0.17-1\".",
                     std::string(key)};
    }
    auto approvals = kept_approvals(files_);
    if (!approvals) return std::move(approvals).error();
    if (!approvals->emplace(key, clock_.now()).second) return {};
    if (auto kept = keep_approvals(files_, *approvals); !kept) return kept;
    return settle();
}

Outcome LinuxApprovals::erase(std::string_view key) {
    auto approvals = kept_approvals(files_);
    if (!approvals) return std::move(approvals).error();
    const auto found = approvals->find(key);
    if (found == approvals->end()) return {};
    approvals->erase(found);
    if (auto kept = keep_approvals(files_, *approvals); !kept) return kept;
    return settle();
}

}  // namespace steward::platform

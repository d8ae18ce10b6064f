#include "platform/linux/update_holds.h"

#include <algorithm>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/update_timers.h"

namespace steward::platform {
namespace {

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

UpdateNames UpdateHolds::waiting(const HoldRules& rules, const UpdateTimes& approvals, const UpdateNotes& notes) const {
    UpdateNames names;
    if (!rules.any()) return names;
    for (const auto& [update, seen] : notes.seen) {
        const auto from = offered(rules, approvals, update, seen);
        if (!from || *from > clock_.now()) names.insert(update);
    }
    return names;
}

Result<PackageUpdates> UpdateHolds::installable() const {
    auto packages = packages_.needed();
    if (!packages) return std::move(packages).error();
    auto updates = (*packages)->installable();
    if (!updates) return updates;
    auto held = (*packages)->kept_back();
    if (!held) return std::move(held).error();
    if (held->empty()) return updates;
    auto rules = (*packages)->hold_rules();
    if (!rules) return std::move(rules).error();
    auto notes = kept_notes(files_);
    if (!notes) return std::move(notes).error();
    auto approvals = kept_approvals(files_);
    if (!approvals) return std::move(approvals).error();
    for (auto& [name, update] : *updates) {
        const auto seen = notes->seen.find(name);
        if (!held->contains(name) || seen == notes->seen.end()) continue;
        update.reason = reason(*rules, offered(*rules, *approvals, name, seen->second));
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
    auto packages = packages_.needed();
    if (!packages) return std::move(packages).error();
    auto wanted = (*packages)->restart_wanted();
    if (!wanted && wanted.error().fault != Fault::unsupported) return std::move(wanted).error();
    UpdateNotes now;
    const auto time = clock_.now();
    for (const auto& entry : waiting) {
        const auto known = before->seen.find(entry.first);
        // A clock that was set back must not put a deadline off for ever.
        now.seen.emplace(entry.first, known == before->seen.end() ? time : std::min(known->second, time));
    }
    if (!wanted || !*wanted) return now;
    now.oldest_installed = before->oldest_installed;
    for (const auto& [update, seen] : before->seen) {
        if (!now.seen.contains(update)) now.oldest_installed = std::min(now.oldest_installed.value_or(seen), seen);
    }
    return now;
}

Result<UpdateNotes> UpdateHolds::note() {
    auto now = look();
    if (!now) return now;
    if (auto kept = keep(files_, *now); !kept) return std::move(kept).error();
    if (auto settled = settle(); !settled) return std::move(settled).error();
    return now;
}

Result<Change> UpdateHolds::change(const HoldRules& rules, const UpdateNotes& notes) const {
    auto packages = packages_.needed();
    if (!packages) return std::move(packages).error();
    auto approvals = kept_approvals(files_);
    if (!approvals) return std::move(approvals).error();
    return (*packages)->keep_back(waiting(rules, *approvals, notes));
}

Result<Change> UpdateHolds::change_for(const UpdateRules& managed) {
    const auto rules = hold_rules(managed);
    UpdateNotes notes;
    if (rules.any()) {
        auto now = look();
        if (!now) return std::move(now).error();
        notes = std::move(*now);
        if (auto kept = keep(files_, notes); !kept) return std::move(kept).error();
    } else if (!managed.deadline_days) {
        if (auto forgotten = keep(files_, {}); !forgotten) return std::move(forgotten).error();
    }
    return change(rules, notes);
}

Outcome UpdateHolds::settle() {
    auto packages = packages_.needed();
    if (!packages) return std::move(packages).error();
    auto rules = (*packages)->hold_rules();
    if (!rules) return std::move(rules).error();
    auto notes = kept_notes(files_);
    if (!notes) return std::move(notes).error();
    auto settled = change(*rules, *notes);
    if (!settled) return std::move(settled).error();
    return files_.apply({&*settled, 1});
}

// A deadline counts while systemd would go by our timer, and so does the day on which an update need wait no more.
Outcome UpdateHolds::only_in_force(UpdateRules& rules) {
    const auto holds = hold_rules(rules);
    if (!rules.deadline_days && !holds.any()) return {};
    bool obeyed = called_hourly(files_);
    if (!obeyed) rules.deadline_days.reset();
    if (holds.any() && obeyed) {
        auto notes = kept_notes(files_);
        if (!notes) return std::move(notes).error();
        auto approvals = kept_approvals(files_);
        if (!approvals) return std::move(approvals).error();
        auto packages = packages_.needed();
        if (!packages) return std::move(packages).error();
        auto held = (*packages)->kept_back();
        if (!held) return std::move(held).error();
        const auto wanted = waiting(holds, *approvals, *notes);
        obeyed = std::includes(held->begin(), held->end(), wanted.begin(), wanted.end());
    }
    if (!obeyed && holds.defer_days > 0) rules.defer_days.reset();
    if (!obeyed && holds.approval_required) rules.approval_required.reset();
    return {};
}

Outcome LinuxApprovals::settle() {
    auto packages = packages_.here();
    if (!packages) return std::move(packages).error();
    return *packages != nullptr ? holds_.settle() : Outcome();
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

#include "platform/linux/update_deadline.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/update_lists.h"

namespace steward::platform {
namespace {

constexpr std::string_view restart_wanted = "/run/reboot-required";
constexpr const char* installer = "/usr/bin/unattended-upgrade";
constexpr std::chrono::hours longest_install{3};
constexpr std::chrono::hours ahead{24};         // so early a restart is planned, which lets logind tell people in time
constexpr std::chrono::minutes last_words{15};  // and so late it may come when it is overdue

std::chrono::days days(const std::optional<int>& number) {
    return std::chrono::days(number.value_or(0));
}

Instant at(std::int64_t seconds) {
    return Instant(std::chrono::seconds(seconds));
}

std::string local_text(Instant time) {
    const std::time_t seconds = time.time_since_epoch().count();
    std::tm local{};
    char text[32] = "";
    if (::localtime_r(&seconds, &local) != nullptr) (void)std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &local);
    return text;
}

bool is_off(const UpdateRules& rules) {
    return rules.automatic == static_cast<int>(AutoUpdate::off);
}

}  // namespace

Result<HoldRules> LinuxUpdateDeadline::holds() const {
    auto options = apt_.options();
    if (!options) return std::move(options).error();
    return hold_rules(*options);
}

Result<UpdateNotes> LinuxUpdateDeadline::note() {
    auto now = holds_.look();
    if (!now) return now;
    if (auto kept = keep(files_, *now); !kept) return std::move(kept).error();
    if (auto settled = holds_.settle(); !settled) return std::move(settled).error();
    return now;
}

Outcome LinuxUpdateDeadline::hold() {
    auto rules = holds();
    if (!rules) return std::move(rules).error();
    if (!rules->any()) return {};
    auto now = note();
    return now ? Outcome() : Outcome(std::move(now).error());
}

Result<bool> LinuxUpdateDeadline::is_due(const UpdateRules& rules, const HoldRules& holds,
                                         const UpdateNotes& notes) const {
    auto approvals = kept_approvals(files_);
    if (!approvals) return std::move(approvals).error();
    return std::any_of(notes.seen.begin(), notes.seen.end(), [&](const auto& entry) {
        const auto from = UpdateHolds::offered(holds, *approvals, entry.first, entry.second);
        return from && *from + days(rules.deadline_days) <= clock_.now();
    });
}

// Neither before the deadline of what was installed nor before people had their days of grace.
Result<std::optional<Instant>> LinuxUpdateDeadline::restart_due(const UpdateRules& rules,
                                                                const UpdateNotes& notes) const {
    auto wanted = files_.present(restart_wanted);
    if (!wanted) return std::move(wanted).error();
    if (!*wanted || !rules.deadline_days) return std::optional<Instant>();
    const auto found = files_.stat(restart_wanted);
    if (!found) return found.error();
    const auto since = std::min(at(found->st_mtim.tv_sec), clock_.now());
    return std::optional(
        std::max(notes.oldest_installed.value_or(since) + days(rules.deadline_days), since + days(rules.grace_days)));
}

Result<UpdateStanding> LinuxUpdateDeadline::standing() {
    auto rules = rules_.read();
    if (!rules) return std::move(rules).error();
    auto updates = holds_.installable();
    if (!updates) return std::move(updates).error();
    auto now = holds_.look(*updates);
    if (!now) return std::move(now).error();
    auto approvals = kept_approvals(files_);
    if (!approvals) return std::move(approvals).error();
    auto holds = this->holds();
    if (!holds) return std::move(holds).error();
    UpdateStanding standing;
    for (auto& [name, update] : *updates) {
        UpdateStanding::Pending pending{name, {}, {}, update.reason};
        const auto seen = now->seen.find(name);
        if ((rules->deadline_days || holds->any()) && seen != now->seen.end()) {
            pending.seen = seen->second;
            const auto from = UpdateHolds::offered(*holds, *approvals, name, seen->second);
            if (from && rules->deadline_days) pending.due = *from + days(rules->deadline_days);
        }
        standing.pending.push_back(std::move(pending));
    }
    auto restart = restart_due(*rules, *now);
    if (!restart) return std::move(restart).error();
    standing.restart_due = *restart;
    return standing;
}

Outcome LinuxUpdateDeadline::install(std::vector<std::string>& done) {
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
    done.emplace_back("unattended-upgrade installed what it may install.");
    return {};
}

Outcome LinuxUpdateDeadline::plan_restart(Instant due, std::vector<std::string>& done) {
    const auto now = clock_.now();
    if (due > now + ahead) return {};
    const auto when = std::max(due, now + last_words);
    auto planned = power_.planned_restart();
    if (!planned) return std::move(planned).error();
    if (*planned && **planned <= when) return {};  // ours of an hour ago, or somebody's who can wait less
    const auto text = local_text(when);
    auto ordered = power_.plan_restart(
        when, "This device restarts at " + text + " to finish installing updates: save your work before then.");
    if (!ordered) return ordered;
    done.push_back("A restart is planned for " + text + ".");
    return {};
}

Result<std::vector<std::string>> LinuxUpdateDeadline::enforce() {
    std::vector<std::string> done;
    auto rules = rules_.read();
    if (!rules) return std::move(rules).error();
    auto holds = this->holds();
    if (!holds) return std::move(holds).error();
    if (!rules->deadline_days && !holds->any()) {
        if (auto forgotten = keep(files_, UpdateNotes()); !forgotten) return std::move(forgotten).error();
        return done;
    }
    auto now = note();
    if (!now) return std::move(now).error();
    if (!rules->deadline_days) return done;
    if (rules->paused.value_or(false) || is_off(*rules)) return done;
    auto due = is_due(*rules, *holds, *now);
    if (!due) return std::move(due).error();
    Outcome installed;
    if (*due) {
        installed = install(done);
        now = note();
        if (!now) return std::move(now).error();
    }
    // An update that could not be installed puts off no restart for those that were.
    auto restart = restart_due(*rules, *now);
    if (!restart) return std::move(restart).error();
    if (*restart) {
        if (auto planned = plan_restart(**restart, done); !planned) return std::move(planned).error();
    }
    if (!installed) return std::move(installed).error();
    return done;
}

}  // namespace steward::platform

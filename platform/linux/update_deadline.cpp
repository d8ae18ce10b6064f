#include "platform/linux/update_deadline.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/update_rules.h"
#include "platform/linux/variables.h"

namespace steward::platform {
namespace {

constexpr std::string_view locks_directory = "/run/systemd/inhibit";
constexpr std::chrono::hours ahead{24};         // so early a restart is planned, which lets logind tell people in time
constexpr std::chrono::minutes last_words{15};  // and so late it may come when it is overdue

std::chrono::days days(const std::optional<int>& number) {
    return std::chrono::days(number.value_or(0));
}

std::tm local_time(Instant time) {
    const std::time_t seconds = time.time_since_epoch().count();
    std::tm local{};
    (void)::localtime_r(&seconds, &local);
    return local;
}

int local_hour(Instant time) {
    return local_time(time).tm_hour;
}

// When it is this hour the next time, by the clock on the wall.
Instant next_hour(int hour, Instant now) {
    auto local = local_time(now);
    if (local.tm_hour >= hour) ++local.tm_mday;
    local.tm_hour = hour;
    local.tm_min = local.tm_sec = 0;
    local.tm_isdst = -1;
    return Instant(std::chrono::seconds(std::mktime(&local)));
}

std::string local_text(Instant time) {
    const auto local = local_time(time);
    char text[32] = "";
    (void)std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &local);
    return text;
}

// Whether a program that must not be cut short, such as a backup, has said so to logind. Source: systemd-inhibit(1).
bool is_held_up(const Files& files) {
    const auto locks = files.list(locks_directory);
    if (!locks) return false;
    return std::any_of(locks->begin(), locks->end(), [&](const std::string& lock) {
        if (lock.ends_with(".ref")) return false;  // a pipe that keeps the lock alive
        const auto variables = read_variables(files, std::string(locks_directory) + "/" + lock);
        const auto what = find_variable(variables, "WHAT").value_or("");
        return what.find("shutdown") != std::string::npos && find_variable(variables, "MODE") == "block";
    });
}

bool is_off(const UpdateRules& rules) {
    return rules.automatic == static_cast<int>(AutoUpdate::off);
}

}  // namespace

Result<HoldRules> LinuxUpdateDeadline::holds() {
    auto packages = packages_.needed();
    if (!packages) return std::move(packages).error();
    return (*packages)->hold_rules();
}

Outcome LinuxUpdateDeadline::hold() {
    auto rules = holds();
    if (!rules) return std::move(rules).error();
    if (!rules->any()) return {};
    auto packages = packages_.needed();
    if (!packages) return std::move(packages).error();
    if (auto fetched = (*packages)->fetch(); !fetched) return fetched;
    auto now = holds_.note();
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
Result<std::optional<Instant>> LinuxUpdateDeadline::restart_due(const UpdateRules& rules, const UpdateNotes& notes) {
    auto packages = packages_.needed();
    if (!packages) return std::move(packages).error();
    auto wanted = (*packages)->restart_wanted();
    if (!wanted) return std::move(wanted).error();
    if (!*wanted) return std::optional<Instant>();
    auto early = early_restart(rules);
    if (!early || !rules.deadline_days) return early;
    const auto since = std::min(**wanted, clock_.now());
    const auto latest =
        std::max(notes.oldest_installed.value_or(since) + days(rules.deadline_days), since + days(rules.grace_days));
    return std::optional(std::min(early->value_or(latest), latest));
}

Result<std::optional<Instant>> LinuxUpdateDeadline::early_restart(const UpdateRules& rules) {
    const auto mode = static_cast<AutoUpdate>(rules.automatic.value_or(0));
    if (!restarts(mode) || waits_for_deadline(rules) || is_held_up(files_)) return std::optional<Instant>();
    if (mode == AutoUpdate::scheduled) return std::optional(next_hour(hour_of(rules), clock_.now()));
    if (mode == AutoUpdate::install_and_restart) {
        auto logins = logins_.read();
        if (!logins) return std::move(logins).error();
        if (!logins->users.empty()) return std::optional<Instant>();
    }
    if (!rules.active_start || !rules.active_end) return std::optional(clock_.now());
    const bool spared = within(local_hour(clock_.now()), *rules.active_start, *rules.active_end);
    return std::optional(spared ? next_hour(*rules.active_end, clock_.now()) : clock_.now());
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
    if (!restart && restart.error().fault != Fault::unsupported) return std::move(restart).error();
    if (restart) standing.restart_due = *restart;
    return standing;
}

Outcome LinuxUpdateDeadline::install(std::vector<std::string>& done) {
    auto packages = packages_.needed();
    if (!packages) return std::move(packages).error();
    auto installed = (*packages)->install();
    if (!installed) return std::move(installed).error();
    done.push_back(std::move(*installed));
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
    const bool restarting = restarts(static_cast<AutoUpdate>(rules->automatic.value_or(0)));
    if (!rules->deadline_days && !holds->any()) {
        if (auto forgotten = keep(files_, UpdateNotes()); !forgotten) return std::move(forgotten).error();
        if (!restarting) return done;
    }
    Result<UpdateNotes> now = UpdateNotes();
    if (rules->deadline_days || holds->any()) now = holds_.note();
    if (!now) return std::move(now).error();
    if (!rules->deadline_days && !restarting) return done;
    if (rules->paused.value_or(false) || is_off(*rules)) return done;
    auto due = is_due(*rules, *holds, *now);
    if (!due) return std::move(due).error();
    Outcome installed;
    if (*due) {
        installed = install(done);
        now = holds_.note();
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

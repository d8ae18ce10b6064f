#include "platform/linux/update_rules.h"

#include <chrono>

#include "platform/base/day.h"
#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr int default_hour = 3;
constexpr int most_days = 365;      // that a deadline or a grace may have
constexpr int longest_active = 18;  // hours, unless ActiveHoursMaxRange says otherwise
constexpr std::chrono::days longest_pause{35};

constexpr std::string_view mode_word = "Automatic";
constexpr std::string_view start_word = "Active-Start";
constexpr std::string_view end_word = "Active-End";
constexpr std::string_view longest_word = "Active-Longest";
constexpr std::string_view pause_word = "Paused";
constexpr std::string_view since_word = "Paused-Since";
constexpr std::string_view deadline_word = "Deadline-Days";
constexpr std::string_view grace_word = "Grace-Days";
constexpr std::string_view no_early_word = "No-Early-Restart";
constexpr std::string_view defer_word = "Defer-Days";
constexpr std::string_view approval_word = "Approval-Required";

bool holds_at(std::chrono::sys_days since, Instant now) {
    return now >= since && now < since + longest_pause;
}

std::optional<int> number(const std::string& text, int lowest, int highest) {
    const auto number = to_integer(text);
    if (!number || *number < lowest || *number > highest) return std::nullopt;
    return static_cast<int>(*number);
}

}  // namespace

AutoUpdate mode_of(const UpdateRules& rules) {
    return static_cast<AutoUpdate>(rules.automatic.value_or(static_cast<int>(AutoUpdate::install)));
}

bool installs(AutoUpdate mode) {
    return mode != AutoUpdate::notify && mode != AutoUpdate::off;
}

bool restarts(AutoUpdate mode) {
    return installs(mode) && mode != AutoUpdate::install;
}

int hour_of(const UpdateRules& rules) {
    return rules.hour.value_or(default_hour);
}

bool waits_for_deadline(const UpdateRules& rules) {
    return rules.deadline_days && rules.no_early_restart.value_or(false);
}

bool within(int hour, int start, int end) {
    return start <= end ? hour >= start && hour < end : hour >= start || hour < end;
}

std::string clock_text(int hour) {
    return (hour < 10 ? "0" : "") + std::to_string(hour) + ":00";
}

Outcome check_active_hours(const UpdateRules& rules) {
    if (!rules.active_start || !rules.active_end) return {};  // half a window is none yet
    const int hours = (*rules.active_end - *rules.active_start + 24) % 24;
    const int longest = rules.active_longest.value_or(longest_active);
    if (hours == 0 || hours > longest) {
        return Error{Fault::invalid,
                     "Active hours from " + std::to_string(*rules.active_start) + " to " +
                         std::to_string(*rules.active_end) + " are " + std::to_string(hours) + " hours; 1 to " +
                         std::to_string(longest) + " are possible.",
                     {}};
    }
    const bool at_hour = rules.automatic == static_cast<int>(AutoUpdate::scheduled) && !waits_for_deadline(rules);
    if (at_hour && within(hour_of(rules), *rules.active_start, *rules.active_end)) {
        return Error{Fault::invalid,
                     "The restart at " + clock_text(hour_of(rules)) + " would fall into the active hours from " +
                         clock_text(*rules.active_start) + " to " + clock_text(*rules.active_end) + ".",
                     {}};
    }
    return {};
}

HoldRules hold_rules(const UpdateRules& rules) {
    return {rules.defer_days.value_or(0), rules.approval_required.value_or(false)};
}

bool needs_hourly_call(const UpdateRules& rules) {
    return rules.deadline_days || hold_rules(rules).any() || (rules.automatic && restarts(mode_of(rules)));
}

Result<Pause> pause_of(const UpdateRules& rules, Instant now, const std::string& kept_since) {
    Pause pause{rules.paused_since.value_or(""), rules.paused.value_or(false), false};
    if (!pause.asked) return pause;
    if (pause.since.empty()) {
        pause.since = kept_since.empty() ? iso_extended(now.time_since_epoch().count()).substr(0, 10) : kept_since;
    }
    const auto day = parse_day(pause.since);
    if (!day) return Error{Fault::invalid, "\"" + pause.since + "\" is no day such as 2026-11-24.", {}};
    pause.holds = holds_at(*day, now);
    return pause;
}

Words words_of(const UpdateRules& rules, const Pause& pause) {
    Words words;
    const auto add = [&](std::string_view name, const auto& value) {
        if (value) words.emplace_back(name, std::to_string(static_cast<int>(*value)));
    };
    if (pause.asked) words.emplace_back(pause_word, "1");
    if (!pause.since.empty()) words.emplace_back(since_word, pause.since);
    add(mode_word, rules.automatic);
    add(start_word, rules.active_start);
    add(end_word, rules.active_end);
    add(longest_word, rules.active_longest);
    add(deadline_word, rules.deadline_days);
    add(grace_word, rules.grace_days);
    add(no_early_word, rules.no_early_restart);
    add(defer_word, rules.defer_days);
    add(approval_word, rules.approval_required);
    return words;
}

KeptWords kept_words(const std::function<std::string(std::string_view name)>& word) {
    KeptWords kept;
    if (const auto mode = number(word(mode_word), 0, static_cast<int>(AutoUpdate::off))) {
        kept.automatic = static_cast<AutoUpdate>(*mode);
    }
    kept.active_start = number(word(start_word), 0, 23);
    kept.active_end = number(word(end_word), 0, 23);
    kept.active_longest = number(word(longest_word), 1, 23);
    kept.deadline_days = number(word(deadline_word), 0, most_days);
    kept.grace_days = number(word(grace_word), 0, most_days);
    kept.no_early_restart = number(word(no_early_word), 0, 1);
    kept.holds.defer_days = number(word(defer_word), 0, most_days).value_or(0);
    kept.holds.approval_required = word(approval_word) == "1";
    kept.paused = word(pause_word) == "1";
    kept.paused_since = word(since_word);
    return kept;
}

bool KeptWords::pause_holds(Instant now) const {
    const auto day = parse_day(paused_since);
    return paused && day && holds_at(*day, now);
}

void KeptWords::give(const AtWork& work, Instant now, UpdateRules& rules) const {
    rules.active_longest = active_longest;
    rules.deadline_days = deadline_days;
    rules.grace_days = grace_days;
    const bool pause_known = paused && parse_day(paused_since);
    if (parse_day(paused_since)) rules.paused_since = paused_since;
    if (!pause_known) rules.paused = false;
    if (pause_known && pause_holds(now) != work.installs) rules.paused = true;

    const bool installing = work.installs || (pause_holds(now) && rules.paused == true);
    auto seen = work.looks ? AutoUpdate::notify : AutoUpdate::off;
    if (installing) seen = work.restarts.value_or(AutoUpdate::install);
    // The restart is ours, so that a mode with one is in force while we are called.
    const bool ours = automatic && restarts(*automatic) && work.called_hourly && !work.restarts;
    if (seen == AutoUpdate::install && ours) seen = *automatic;
    rules.automatic = static_cast<int>(seen);
    if (work.restarts) return;  // whoever restarts the device does not know when it must not
    rules.active_start = active_start;
    rules.active_end = active_end;
    if (no_early_restart) rules.no_early_restart = *no_early_restart == 1;
}

}  // namespace steward::platform

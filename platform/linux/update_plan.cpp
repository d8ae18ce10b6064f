#include "platform/linux/update_plan.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "platform/base/day.h"
#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr int default_hour = 3;
constexpr int most_days = 365;      // that a deadline or a grace may have
constexpr int longest_active = 18;  // hours, unless ActiveHoursMaxRange says otherwise
constexpr std::chrono::days longest_pause{35};

constexpr std::string_view enable_key = "APT::Periodic::Enable";
constexpr std::string_view lists_key = "APT::Periodic::Update-Package-Lists";
constexpr std::string_view install_key = "APT::Periodic::Unattended-Upgrade";
constexpr std::string_view restart_key = "Unattended-Upgrade::Automatic-Reboot";
constexpr std::string_view restart_users_key = "Unattended-Upgrade::Automatic-Reboot-WithUsers";
constexpr std::string_view restart_time_key = "Unattended-Upgrade::Automatic-Reboot-Time";
constexpr std::string_view blacklist_key = "Unattended-Upgrade::Package-Blacklist";
constexpr std::string_view metered_key = "Unattended-Upgrade::Skip-Updates-On-Metered-Connections";
// Ours: what a number meant that no option of apt's holds.
constexpr std::string_view mode_key = "Steward::Update::Automatic";
constexpr std::string_view start_key = "Steward::Update::Active-Start";
constexpr std::string_view end_key = "Steward::Update::Active-End";
constexpr std::string_view longest_key = "Steward::Update::Active-Longest";
constexpr std::string_view pause_key = "Steward::Update::Paused";
constexpr std::string_view since_key = "Steward::Update::Paused-Since";
constexpr std::string_view deadline_key = "Steward::Update::Deadline-Days";
constexpr std::string_view grace_key = "Steward::Update::Grace-Days";
constexpr std::string_view no_early_key = "Steward::Update::No-Early-Restart";
constexpr std::string_view defer_key = "Steward::Update::Defer-Days";
constexpr std::string_view approval_key = "Steward::Update::Approval-Required";
// What apt does after each look for updates; it fails when we do, so that nobody takes what was not judged for fit.
constexpr std::string_view looked_key = "APT::Update::Post-Invoke-Success";
constexpr std::string_view looked_call = "/usr/bin/steward updates --hold";

// Debian's packages of firmware; the pattern is matched at the beginning of a name.
constexpr std::array<std::string_view, 3> firmware = {"firmware-", "linux-firmware", ".*-microcode"};

std::string clock_text(int hour) {
    return (hour < 10 ? "0" : "") + std::to_string(hour) + ":00";
}

std::optional<int> hour_of(std::string_view clock) {
    if (!clock.ends_with(":00")) return std::nullopt;
    clock.remove_suffix(3);
    const auto hour = to_integer(clock.starts_with('0') && clock.size() == 2 ? clock.substr(1) : clock);
    if (!hour || *hour < 0 || *hour > 23) return std::nullopt;
    return static_cast<int>(*hour);
}

bool pause_holds(std::chrono::sys_days since, Instant now) {
    return now >= since && now < since + longest_pause;
}

// Whether this hour lies in a window that may go over midnight.
bool within(int hour, int start, int end) {
    return start <= end ? hour >= start && hour < end : hour >= start || hour < end;
}

std::string option(std::string_view key, std::string_view value) {
    return std::string(key) + " \"" + std::string(value) + "\";\n";
}

AutoUpdate mode_of(const UpdateRules& rules) {
    return static_cast<AutoUpdate>(rules.automatic.value_or(static_cast<int>(AutoUpdate::install)));
}

bool installs(AutoUpdate mode) {
    return mode != AutoUpdate::notify && mode != AutoUpdate::off;
}

Outcome check_active_hours(const UpdateRules& rules) {
    if (rules.active_start.has_value() != rules.active_end.has_value()) return {};  // half a window is none yet
    if (!rules.active_start) return {};
    const int hours = (*rules.active_end - *rules.active_start + 24) % 24;
    const int longest = rules.active_longest.value_or(longest_active);
    if (hours > 0 && hours <= longest) return {};
    return Error{Fault::invalid,
                 "Active hours from " + std::to_string(*rules.active_start) + " to " +
                     std::to_string(*rules.active_end) + " are " + std::to_string(hours) + " hours; 1 to " +
                     std::to_string(longest) + " are possible.",
                 {}};
}

bool waits_for_deadline(const UpdateRules& rules) {
    return rules.deadline_days && rules.no_early_restart.value_or(false);
}

// When the device restarts, and whether people who are signed in matter.
Result<std::string> restart_options(const UpdateRules& rules, AutoUpdate mode) {
    const bool restarts = installs(mode) && mode != AutoUpdate::install && !waits_for_deadline(rules);
    std::string text = option(restart_key, restarts ? "true" : "false");
    if (!restarts) return text;
    text += option(restart_users_key, mode == AutoUpdate::install_and_restart ? "false" : "true");
    std::string time = "now";
    if (mode == AutoUpdate::scheduled) {
        const int hour = rules.hour.value_or(default_hour);
        if (rules.active_start && rules.active_end && within(hour, *rules.active_start, *rules.active_end)) {
            return Error{Fault::invalid,
                         "The restart at " + clock_text(hour) + " would fall into the active hours from " +
                             clock_text(*rules.active_start) + " to " + clock_text(*rules.active_end) + ".",
                         {}};
        }
        time = clock_text(hour);
    } else if (rules.active_start && rules.active_end) {
        time = clock_text(*rules.active_end);
    }
    return text + option(restart_time_key, time);
}

bool schedules(const UpdateRules& rules) {
    return rules.day || rules.hour || rules.every_week || rules.first_week || rules.second_week || rules.third_week ||
           rules.fourth_week;
}

std::string timer(const std::vector<std::string>& calendar, std::string_view delay) {
    std::string text = "[Timer]\nOnCalendar=\n";
    for (const auto& event : calendar) text += "OnCalendar=" + event + "\n";
    return text + "RandomizedDelaySec=" + std::string(delay) + "\n";
}

InstallTimes times_for(const UpdateRules& rules) {
    InstallTimes times;
    times.day = rules.day.value_or(0);
    times.hour = rules.hour.value_or(default_hour);
    const std::optional<bool> weeks[] = {rules.first_week, rules.second_week, rules.third_week, rules.fourth_week};
    for (int i = 0; i < 4; ++i) times.weeks[i] = weeks[i].value_or(false);
    const bool some = std::find(std::begin(times.weeks), std::end(times.weeks), true) != std::end(times.weeks);
    times.every_week = rules.every_week.value_or(!some) || !some;
    return times;
}

}  // namespace

Result<UpdateDropIns> drop_ins_for(const UpdateRules& rules, Instant now, const std::string& paused_since) {
    UpdateDropIns files;
    if (rules == UpdateRules{}) return files;
    if (auto possible = check_active_hours(rules); !possible) return std::move(possible).error();
    const auto mode = mode_of(rules);
    bool paused = false;
    auto since = rules.paused_since.value_or("");
    if (rules.paused.value_or(false)) {
        const auto today = iso_extended(now.time_since_epoch().count()).substr(0, 10);
        if (since.empty()) since = paused_since.empty() ? today : paused_since;
        const auto day = parse_day(since);
        if (!day) return Error{Fault::invalid, "\"" + since + "\" is no day such as 2026-11-24.", {}};
        files.apt += option(pause_key, "1");
        paused = pause_holds(*day, now);
    }
    if (!since.empty()) files.apt += option(since_key, since);
    if (rules.automatic || paused) {
        files.apt += option(enable_key, mode == AutoUpdate::off ? "0" : "1");
        files.apt += option(lists_key, rules.detection_hours ? "always" : "1");
        files.apt += option(install_key, installs(mode) && !paused ? (schedules(rules) ? "always" : "1") : "0");
    } else if (rules.detection_hours) {
        files.apt += option(lists_key, "always");
    }
    if (rules.automatic) {
        auto restart = restart_options(rules, mode);
        if (!restart) return std::move(restart).error();
        files.apt += option(mode_key, std::to_string(*rules.automatic)) + *restart;
    }
    if (rules.active_start) files.apt += option(start_key, std::to_string(*rules.active_start));
    if (rules.active_end) files.apt += option(end_key, std::to_string(*rules.active_end));
    if (rules.active_longest) files.apt += option(longest_key, std::to_string(*rules.active_longest));
    if (rules.exclude_drivers.value_or(false)) {
        for (const auto pattern : firmware) files.apt += option(std::string(blacklist_key) + "::", pattern);
    }
    if (rules.allow_metered) files.apt += option(metered_key, *rules.allow_metered ? "false" : "true");
    if (rules.deadline_days) {
        files.apt += option(deadline_key, std::to_string(*rules.deadline_days));
    }
    if (rules.defer_days) files.apt += option(defer_key, std::to_string(*rules.defer_days));
    if (rules.approval_required) files.apt += option(approval_key, *rules.approval_required ? "1" : "0");
    const bool holds = hold_rules(rules).any();
    if (holds) files.apt += option(std::string(looked_key) + "::", looked_call);
    if (rules.deadline_days || holds) files.own_timer = timer({"hourly"}, "10m") + "Persistent=true\n";
    if (rules.grace_days) files.apt += option(grace_key, std::to_string(*rules.grace_days));
    if (rules.no_early_restart) files.apt += option(no_early_key, *rules.no_early_restart ? "1" : "0");
    if (schedules(rules)) files.upgrade_timer = timer(calendar_of(times_for(rules)), "30m") + "Persistent=true\n";
    if (rules.detection_hours) {
        const auto every = std::to_string(*rules.detection_hours);
        files.lists_timer = timer({"*-*-* 00/" + every + ":00"}, "10m");
    }
    return files;
}

std::string kept_pause(const Apt::Options& options) {
    return last_of(options, pause_key, "0") == "1" ? last_of(options, since_key, "") : "";
}

namespace {

struct Effective {
    bool looks = false, installs = false, restarts = false, with_users = true;
    std::string time;
    std::optional<int> active_start, active_end;  // as we wrote them down
    bool waits = false;                           // with restarts, for the deadline
};

std::optional<int> kept_number(const Apt::Options& options, std::string_view key, int highest) {
    const auto number = to_integer(last_of(options, key, ""));
    if (!number || *number < 0 || *number > highest) return std::nullopt;
    return static_cast<int>(*number);
}

std::optional<int> kept_hour(const Apt::Options& options, std::string_view key) {
    return kept_number(options, key, 23);
}

Effective effective(const Apt::Options& options) {
    Effective now;
    const bool on = last_of(options, enable_key, "1") != "0";
    now.looks = on && last_of(options, lists_key, "0") != "0";
    now.installs = on && last_of(options, install_key, "0") != "0";
    now.restarts = last_of(options, restart_key, "false") == "true";
    now.with_users = last_of(options, restart_users_key, "true") == "true";
    now.time = last_of(options, restart_time_key, "now");
    now.active_start = kept_hour(options, start_key);
    now.active_end = kept_hour(options, end_key);
    now.waits = kept_number(options, deadline_key, most_days) && last_of(options, no_early_key, "0") == "1";
    return now;
}

// The mode that these options amount to.
AutoUpdate amounts_to(const Effective& now, bool installs) {
    if (!installs) return now.looks ? AutoUpdate::notify : AutoUpdate::off;
    if (!now.restarts) return AutoUpdate::install;
    if (!now.with_users) return AutoUpdate::install_and_restart;
    const auto hour = hour_of(now.time);
    return !hour || hour == now.active_end ? AutoUpdate::install_and_restart_at_once : AutoUpdate::scheduled;
}

// Whether what we wrote down can be what the options amount to; two modes look alike when the hour of the schedule is
// the end of the active hours.
bool agrees(AutoUpdate kept, const Effective& now, bool installs) {
    const auto seen = amounts_to(now, installs);
    if (kept == seen) return true;
    if (now.waits && seen == AutoUpdate::install)
        return installs && kept != AutoUpdate::notify && kept != AutoUpdate::off;
    return kept == AutoUpdate::scheduled && seen == AutoUpdate::install_and_restart_at_once && hour_of(now.time);
}

}  // namespace

HoldRules hold_rules(const UpdateRules& rules) {
    return {rules.defer_days.value_or(0), rules.approval_required.value_or(false)};
}

HoldRules hold_rules(const Apt::Options& options) {
    return {kept_number(options, defer_key, most_days).value_or(0), last_of(options, approval_key, "0") == "1"};
}

void read_options(const Apt::Options& options, Instant now, UpdateRules& rules) {
    const auto state = effective(options);
    const auto since = kept_pause(options);
    const auto day = parse_day(since);
    const bool pausing = day && pause_holds(*day, now);
    // A pause is in force when nothing is installed for its time, and installing goes on by itself afterwards.
    if (day && pausing != state.installs) rules.paused = true;
    if (!day) rules.paused = false;
    const auto written = last_of(options, since_key, "");
    if (parse_day(written)) rules.paused_since = written;
    const bool installs = state.installs || (pausing && rules.paused == true);
    const auto kept = to_integer(last_of(options, mode_key, ""));
    const bool kept_is_mode = kept && *kept >= 0 && *kept <= static_cast<int>(AutoUpdate::off);
    const auto seen = kept_is_mode && agrees(static_cast<AutoUpdate>(*kept), state, installs)
                          ? static_cast<AutoUpdate>(*kept)
                          : amounts_to(state, installs);
    rules.automatic = static_cast<int>(seen);
    const auto restart_hour = hour_of(state.time);
    // Half a window keeps nobody from anything yet.
    const bool whole = state.active_start && state.active_end;
    const bool spared =
        !state.restarts || !whole || (restart_hour && !within(*restart_hour, *state.active_start, *state.active_end));
    if (spared) {
        rules.active_start = state.active_start;
        rules.active_end = state.active_end;
    }
    rules.deadline_days = kept_number(options, deadline_key, most_days);
    rules.grace_days = kept_number(options, grace_key, most_days);
    if (const auto stays_on = kept_number(options, no_early_key, 1)) {
        // With an early restart in force all the same, it is not true.
        if (*stays_on == 0 || !rules.deadline_days || !state.restarts) rules.no_early_restart = *stays_on == 1;
    }
    const auto longest = to_integer(last_of(options, longest_key, ""));
    if (longest && *longest >= 1 && *longest <= 23) rules.active_longest = static_cast<int>(*longest);
    const auto blacklist = options.find(blacklist_key);
    rules.exclude_drivers =
        blacklist != options.end() && std::all_of(firmware.begin(), firmware.end(), [&](std::string_view pattern) {
            return std::find(blacklist->second.begin(), blacklist->second.end(), pattern) != blacklist->second.end();
        });
    rules.allow_metered = last_of(options, metered_key, "true") != "true";
    const auto holds = hold_rules(options);
    const auto looked = options.find(looked_key);
    const bool called = looked != options.end() &&
                        std::find(looked->second.begin(), looked->second.end(), looked_call) != looked->second.end();
    if (called || !holds.any()) {
        rules.defer_days = holds.defer_days;
        rules.approval_required = holds.approval_required;
    }
}

}  // namespace steward::platform

#include "platform/linux/apt_plan.h"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/update_timers.h"

namespace steward::platform {
namespace {

constexpr std::string_view enable_key = "APT::Periodic::Enable";
constexpr std::string_view lists_key = "APT::Periodic::Update-Package-Lists";
constexpr std::string_view install_key = "APT::Periodic::Unattended-Upgrade";
constexpr std::string_view restart_key = "Unattended-Upgrade::Automatic-Reboot";
constexpr std::string_view restart_users_key = "Unattended-Upgrade::Automatic-Reboot-WithUsers";
constexpr std::string_view restart_time_key = "Unattended-Upgrade::Automatic-Reboot-Time";
constexpr std::string_view blacklist_key = "Unattended-Upgrade::Package-Blacklist";
constexpr std::string_view metered_key = "Unattended-Upgrade::Skip-Updates-On-Metered-Connections";
constexpr std::string_view own_key = "Steward::Update::";  // and one of the names of update_rules
// What apt does after each look for updates; it fails when we do, so that nobody takes what was not judged for fit.
constexpr std::string_view looked_key = "APT::Update::Post-Invoke-Success";
constexpr std::string_view looked_call = "/usr/bin/steward updates --hold";

// Debian's packages of firmware; the pattern is matched at the beginning of a name.
constexpr std::array<std::string_view, 3> firmware = {"firmware-", "linux-firmware", ".*-microcode"};

std::optional<int> hour_at(std::string_view clock) {
    if (!clock.ends_with(":00")) return std::nullopt;
    clock.remove_suffix(3);
    const auto hour = to_integer(clock.starts_with('0') && clock.size() == 2 ? clock.substr(1) : clock);
    if (!hour || *hour < 0 || *hour > 23) return std::nullopt;
    return static_cast<int>(*hour);
}

std::string option(std::string_view key, std::string_view value) {
    return std::string(key) + " \"" + std::string(value) + "\";\n";
}

// When the device restarts, and whether people who are signed in matter.
std::string restart_options(const UpdateRules& rules, AutoUpdate mode) {
    const bool restarting = restarts(mode) && !waits_for_deadline(rules);
    std::string text = option(restart_key, restarting ? "true" : "false");
    if (!restarting) return text;
    text += option(restart_users_key, mode == AutoUpdate::install_and_restart ? "false" : "true");
    std::string time = "now";
    if (mode == AutoUpdate::scheduled) {
        time = clock_text(hour_of(rules));
    } else if (rules.active_start && rules.active_end) {
        time = clock_text(*rules.active_end);
    }
    return text + option(restart_time_key, time);
}

}  // namespace

Result<std::string> apt_drop_in(const UpdateRules& rules, Instant now, const std::string& kept_since) {
    std::string text;
    if (rules == UpdateRules{}) return text;
    if (auto possible = check_active_hours(rules); !possible) return std::move(possible).error();
    auto pause = pause_of(rules, now, kept_since);
    if (!pause) return std::move(pause).error();
    const auto mode = mode_of(rules);
    if (rules.automatic || pause->holds) {
        text += option(enable_key, mode == AutoUpdate::off ? "0" : "1");
        text += option(lists_key, rules.detection_hours ? "always" : "1");
        text += option(install_key, installs(mode) && !pause->holds ? (schedules(rules) ? "always" : "1") : "0");
    } else if (rules.detection_hours) {
        text += option(lists_key, "always");
    }
    if (rules.automatic) text += restart_options(rules, mode);
    for (const auto& [name, value] : words_of(rules, *pause))
        text += option(std::string(own_key) + std::string(name), value);
    if (rules.exclude_drivers.value_or(false)) {
        for (const auto pattern : firmware) text += option(std::string(blacklist_key) + "::", pattern);
    }
    if (rules.allow_metered) text += option(metered_key, *rules.allow_metered ? "false" : "true");
    if (hold_rules(rules).any()) text += option(std::string(looked_key) + "::", looked_call);
    return text;
}

KeptWords kept_words(const Apt::Options& options) {
    return kept_words(
        [&](std::string_view name) { return last_of(options, std::string(own_key) + std::string(name), ""); });
}

bool looks_as_we_say(const Apt::Options& options) {
    return last_of(options, lists_key, "0") == "always";
}

void obey_nobody(Apt::Options& options) {
    options[std::string(install_key)] = {"0"};
}

namespace {

struct Effective {
    bool looks = false, installs = false, restarts = false, with_users = true;
    std::string time;
    std::optional<int> active_start, active_end;  // as we wrote them down
    bool waits = false;                           // with restarts, for the deadline
};

Effective effective(const Apt::Options& options, const KeptWords& kept) {
    Effective now;
    const bool on = last_of(options, enable_key, "1") != "0";
    now.looks = on && last_of(options, lists_key, "0") != "0";
    now.installs = on && last_of(options, install_key, "0") != "0";
    now.restarts = last_of(options, restart_key, "false") == "true";
    now.with_users = last_of(options, restart_users_key, "true") == "true";
    now.time = last_of(options, restart_time_key, "now");
    now.active_start = kept.active_start;
    now.active_end = kept.active_end;
    now.waits = kept.deadline_days && kept.no_early_restart == 1;
    return now;
}

// The mode that these options amount to.
AutoUpdate amounts_to(const Effective& now, bool installs) {
    if (!installs) return now.looks ? AutoUpdate::notify : AutoUpdate::off;
    if (!now.restarts) return AutoUpdate::install;
    if (!now.with_users) return AutoUpdate::install_and_restart;
    const auto hour = hour_at(now.time);
    return !hour || hour == now.active_end ? AutoUpdate::install_and_restart_at_once : AutoUpdate::scheduled;
}

// Whether what we wrote down can be what the options amount to; two modes look alike when the hour of the schedule is
// the end of the active hours.
bool agrees(AutoUpdate kept, const Effective& now, bool installing) {
    const auto seen = amounts_to(now, installing);
    if (kept == seen) return true;
    if (now.waits && seen == AutoUpdate::install) return installing && installs(kept);
    return kept == AutoUpdate::scheduled && seen == AutoUpdate::install_and_restart_at_once && hour_at(now.time);
}

}  // namespace

void read_options(const Apt::Options& options, Instant now, UpdateRules& rules) {
    const auto kept = kept_words(options);
    const auto state = effective(options, kept);
    kept.give(rules);
    kept.give_pause(state.installs, now, rules);
    const bool installing = state.installs || (kept.pause_holds(now) && rules.paused == true);
    const auto seen =
        kept.automatic && agrees(*kept.automatic, state, installing) ? *kept.automatic : amounts_to(state, installing);
    rules.automatic = static_cast<int>(seen);
    const auto restart_hour = hour_at(state.time);
    // Half a window keeps nobody from anything yet.
    const bool whole = state.active_start && state.active_end;
    const bool spared =
        !state.restarts || !whole || (restart_hour && !within(*restart_hour, *state.active_start, *state.active_end));
    if (spared) {
        rules.active_start = state.active_start;
        rules.active_end = state.active_end;
    }
    if (kept.no_early_restart) {
        // With an early restart in force all the same, it is not true.
        const bool stays_on = *kept.no_early_restart == 1;
        if (!stays_on || !kept.deadline_days || !state.restarts) rules.no_early_restart = stays_on;
    }
    const auto blacklist = options.find(blacklist_key);
    rules.exclude_drivers =
        blacklist != options.end() && std::all_of(firmware.begin(), firmware.end(), [&](std::string_view pattern) {
            return std::find(blacklist->second.begin(), blacklist->second.end(), pattern) != blacklist->second.end();
        });
    rules.allow_metered = last_of(options, metered_key, "true") != "true";
    const auto looked = options.find(looked_key);
    const bool called = looked != options.end() &&
                        std::find(looked->second.begin(), looked->second.end(), looked_call) != looked->second.end();
    if (called || !kept.holds.any()) {
        rules.defer_days = kept.holds.defer_days;
        rules.approval_required = kept.holds.approval_required;
    }
}

}  // namespace steward::platform

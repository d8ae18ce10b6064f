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
constexpr std::string_view blacklist_key = "Unattended-Upgrade::Package-Blacklist";
constexpr std::string_view metered_key = "Unattended-Upgrade::Skip-Updates-On-Metered-Connections";
constexpr std::string_view own_key = "Steward::Update::";  // and one of the names of update_rules
// What apt does after each look for updates; it fails when we do, so that nobody takes what was not judged for fit.
constexpr std::string_view looked_key = "APT::Update::Post-Invoke-Success";
constexpr std::string_view looked_call = "/usr/bin/steward updates --hold";

// Debian's packages of firmware; the pattern is matched at the beginning of a name.
constexpr std::array<std::string_view, 3> firmware = {"firmware-", "linux-firmware", ".*-microcode"};

std::string option(std::string_view key, std::string_view value) {
    return std::string(key) + " \"" + std::string(value) + "\";\n";
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
    if (rules.automatic)
        text += option(restart_key, "false");  // that is ours: it knows neither active hours nor inhibitors
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

void read_options(const Apt::Options& options, bool called_hourly, Instant now, UpdateRules& rules) {
    const auto kept = kept_words(options);
    const bool on = last_of(options, enable_key, "1") != "0";
    AtWork work;
    work.looks = on && last_of(options, lists_key, "0") != "0";
    work.installs = on && last_of(options, install_key, "0") != "0";
    if (last_of(options, restart_key, "false") == "true") {
        const bool with_users = last_of(options, restart_users_key, "true") == "true";
        work.restarts = with_users ? AutoUpdate::install_and_restart_at_once : AutoUpdate::install_and_restart;
    }
    work.called_hourly = called_hourly;
    kept.give(work, now, rules);
    const auto blacklist = options.find(blacklist_key);
    rules.exclude_drivers =
        blacklist != options.end() && std::all_of(firmware.begin(), firmware.end(), [&](std::string_view pattern) {
            return std::find(blacklist->second.begin(), blacklist->second.end(), pattern) != blacklist->second.end();
        });
    rules.allow_metered = last_of(options, metered_key, "true") != "true";
    const auto looked = options.find(looked_key);
    const bool asked = looked != options.end() &&
                       std::find(looked->second.begin(), looked->second.end(), looked_call) != looked->second.end();
    if (asked || !kept.holds.any()) {
        rules.defer_days = kept.holds.defer_days;
        rules.approval_required = kept.holds.approval_required;
    }
}

}  // namespace steward::platform

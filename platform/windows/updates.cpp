// The values are those of WindowsUpdate.admx. What an AutoUpdate is made of, and told by again:
//     notify                       AUOptions 2
//     install                      AUOptions 4, NoAutoRebootWithLoggedOnUsers 1
//     install_and_restart          no AUOptions: Windows installs, and restarts outside the active hours
//     scheduled                    AUOptions 4, with a day and an hour
//     install_and_restart_at_once  AUOptions 4, AlwaysAutoRebootAtScheduledTime 1
//     off                          NoAutoUpdate 1
#include "platform/windows/updates.h"

#include <string>
#include <utility>
#include <vector>

#include "platform/base/day.h"

namespace steward::platform {
namespace {

const std::string policy = R"(SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate)";
const std::string automatic = policy + R"(\AU)";

constexpr std::uint32_t notify_option = 2, install_option = 4;
constexpr std::uint32_t fewest_minutes = 15;  // that people have to save their work
constexpr std::uint32_t most_deferral = 30;
constexpr int default_hour = 3, longest_active = 18;

Setting setting(const std::string& key, std::string name, std::uint32_t number) {
    return {key, std::move(name), dword(number)};
}

struct Number {
    std::string key, name;
    std::optional<int> UpdateRules::*member;
    int least, most;
};
const Number numbers[] = {
    {automatic, "ScheduledInstallDay", &UpdateRules::day, 0, 7},
    {automatic, "ScheduledInstallTime", &UpdateRules::hour, 0, 23},  // 24 is whenever Windows likes
    {policy, "ActiveHoursStart", &UpdateRules::active_start, 0, 23},
    {policy, "ActiveHoursEnd", &UpdateRules::active_end, 0, 23},
    {policy, "ActiveHoursMaxRange", &UpdateRules::active_longest, 8, 18},
    {automatic, "DetectionFrequency", &UpdateRules::detection_hours, 1, 22},
    {policy, "ConfigureDeadlineForQualityUpdates", &UpdateRules::deadline_days, 0, 30},
    {policy, "ConfigureDeadlineGracePeriod", &UpdateRules::grace_days, 0, 7},
};

struct Switch {
    std::string key, name;
    std::optional<bool> UpdateRules::*member;
};
const Switch switches[] = {
    {automatic, "ScheduledInstallEveryWeek", &UpdateRules::every_week},
    {automatic, "ScheduledInstallFirstWeek", &UpdateRules::first_week},
    {automatic, "ScheduledInstallSecondWeek", &UpdateRules::second_week},
    {automatic, "ScheduledInstallThirdWeek", &UpdateRules::third_week},
    {automatic, "ScheduledInstallFourthWeek", &UpdateRules::fourth_week},
    {policy, "ExcludeWUDriversInQualityUpdate", &UpdateRules::exclude_drivers},
    {policy, "AllowAutoWindowsUpdateDownloadOverMeteredNetwork", &UpdateRules::allow_metered},
    {policy, "ConfigureDeadlineNoAutoReboot", &UpdateRules::no_early_restart},
};

bool some_week(const UpdateRules& rules) {
    return rules.first_week.value_or(false) || rules.second_week.value_or(false) || rules.third_week.value_or(false) ||
           rules.fourth_week.value_or(false);
}

Outcome check_active_hours(const UpdateRules& rules) {
    if (!rules.active_start || !rules.active_end) return {};
    const int hours = (*rules.active_end - *rules.active_start + 24) % 24;
    const int longest = rules.active_longest.value_or(longest_active);
    if (hours > 0 && hours <= longest) return {};
    return Error{Fault::invalid,
                 "Active hours from " + std::to_string(*rules.active_start) + " to " +
                     std::to_string(*rules.active_end) + " are " + std::to_string(hours) + " hours; 1 to " +
                     std::to_string(longest) + " are possible.",
                 {}};
}

// Every value that tells one mode from another, so that nothing of somebody else's makes it a third one.
void add_mode(AutoUpdate mode, const UpdateRules& rules, std::vector<Setting>& values) {
    const auto option = mode == AutoUpdate::notify                                           ? notify_option
                        : mode == AutoUpdate::install_and_restart || mode == AutoUpdate::off ? 0
                                                                                             : install_option;
    values.push_back(setting(automatic, "NoAutoUpdate", mode == AutoUpdate::off ? 1 : 0));
    Setting options{automatic, "AUOptions", std::nullopt};
    if (option != 0) options.value = dword(option);
    values.push_back(std::move(options));
    values.push_back(setting(automatic, "NoAutoRebootWithLoggedOnUsers", mode == AutoUpdate::install ? 1 : 0));
    const bool at_once = mode == AutoUpdate::install_and_restart_at_once;
    values.push_back(setting(automatic, "AlwaysAutoRebootAtScheduledTime", at_once ? 1 : 0));
    if (at_once) values.push_back(setting(automatic, "AlwaysAutoRebootAtScheduledTimeMinutes", fewest_minutes));
    if (mode != AutoUpdate::scheduled) return;
    // Windows obeys the mode only with both of them.
    if (!rules.day) values.push_back(setting(automatic, "ScheduledInstallDay", 0));
    if (!rules.hour) values.push_back(setting(automatic, "ScheduledInstallTime", default_hour));
}

std::optional<int> mode_in(const Registry& registry) {
    if (registry.number(automatic, "NoAutoUpdate").value_or(0) == 1) return static_cast<int>(AutoUpdate::off);
    const auto option = registry.number(automatic, "AUOptions");
    if (!option) return static_cast<int>(AutoUpdate::install_and_restart);
    if (*option == notify_option) return static_cast<int>(AutoUpdate::notify);
    if (*option != install_option) return std::nullopt;  // it has no number here
    if (registry.number(automatic, "NoAutoRebootWithLoggedOnUsers").value_or(0) == 1) {
        return static_cast<int>(AutoUpdate::install);
    }
    const bool at_once = registry.number(automatic, "AlwaysAutoRebootAtScheduledTime").value_or(0) == 1;
    return static_cast<int>(at_once ? AutoUpdate::install_and_restart_at_once : AutoUpdate::scheduled);
}

}  // namespace

Result<UpdateRules> WindowsUpdates::read() {
    // Whether the policy can be read at all is asked once.
    if (auto readable = registry_.values(automatic); !readable) return std::move(readable).error();
    UpdateRules rules;
    rules.automatic = mode_in(registry_);
    for (const auto& each : numbers) {
        const auto number = registry_.number(each.key, each.name);
        const bool fits = number && *number <= static_cast<std::uint32_t>(each.most) &&
                          *number >= static_cast<std::uint32_t>(each.least);
        if (fits) rules.*each.member = static_cast<int>(*number);
    }
    for (const auto& each : switches) {
        const auto number = registry_.number(each.key, each.name);
        if (number) rules.*each.member = *number != 0;
    }
    if (!rules.every_week) rules.every_week = !some_week(rules);
    if (!rules.exclude_drivers) rules.exclude_drivers = false;
    if (!rules.allow_metered) rules.allow_metered = false;
    if (registry_.number(automatic, "DetectionFrequencyEnabled").value_or(0) != 1) rules.detection_hours.reset();
    if (registry_.number(policy, "SetComplianceDeadline").value_or(0) != 1) rules.deadline_days.reset();
    if (registry_.number(policy, "SetActiveHoursMaxRange").value_or(0) != 1) rules.active_longest.reset();
    const auto since = registry_.text(policy, "PauseQualityUpdatesStartTime");
    if (since && parse_day(*since)) rules.paused_since = since;
    const bool defers = registry_.number(policy, "DeferQualityUpdates").value_or(0) == 1;
    rules.paused = rules.paused_since && defers;
    const auto days = registry_.number(policy, "DeferQualityUpdatesPeriodInDays").value_or(0);
    rules.defer_days = defers && days <= most_deferral ? static_cast<int>(days) : 0;
    rules.approval_required = false;
    return rules;
}

// A pause that has begun goes on from the day it did.
Result<std::string> WindowsUpdates::pause_begin(const UpdateRules& managed) {
    if (managed.paused_since) {
        if (parse_day(*managed.paused_since)) return *managed.paused_since;
        return Error{Fault::invalid, "\"" + *managed.paused_since + "\" is no day such as 2026-11-24.", {}};
    }
    auto ours = originals_.manages(policy, "DeferQualityUpdates");
    if (!ours) return std::move(ours).error();
    const auto before = registry_.text(policy, "PauseQualityUpdatesStartTime");
    if (*ours && before && parse_day(*before)) return *before;
    return iso_extended(clock_.now().time_since_epoch().count()).substr(0, 10);
}

Outcome WindowsUpdates::write(const UpdateRules& managed) {
    if (auto possible = check_active_hours(managed); !possible) return possible;
    if (managed.approval_required.value_or(false)) {
        return Error{
            Fault::unsupported, "Windows Update asks nobody for a yes to each update; defer them instead.", {}};
    }
    if (managed.paused_since && !managed.paused.value_or(false) && managed.defer_days.value_or(0) > 0) {
        return Error{
            Fault::invalid, "With updates that are deferred Windows takes the start of a pause for a pause.", {}};
    }
    std::vector<Setting> values;
    if (managed.automatic) add_mode(static_cast<AutoUpdate>(*managed.automatic), managed, values);
    for (const auto& each : numbers) {
        const auto& wanted = managed.*each.member;
        if (wanted) values.push_back(setting(each.key, each.name, static_cast<std::uint32_t>(*wanted)));
    }
    for (const auto& each : switches) {
        const auto& wanted = managed.*each.member;
        if (wanted) values.push_back(setting(each.key, each.name, *wanted ? 1 : 0));
    }
    if (some_week(managed) && !managed.every_week) values.push_back(setting(automatic, "ScheduledInstallEveryWeek", 0));
    // Half a window keeps nobody from anything.
    if (managed.active_start && managed.active_end) values.push_back(setting(policy, "SetActiveHours", 1));
    if (managed.active_longest) values.push_back(setting(policy, "SetActiveHoursMaxRange", 1));
    if (managed.deadline_days) values.push_back(setting(policy, "SetComplianceDeadline", 1));
    if (managed.detection_hours) values.push_back(setting(automatic, "DetectionFrequencyEnabled", 1));
    const bool pauses = managed.paused.value_or(false);
    if (pauses || managed.paused_since) {
        auto since = pause_begin(managed);
        if (!since) return std::move(since).error();
        values.push_back({policy, "PauseQualityUpdatesStartTime", text_value(*since)});
        if (pauses) values.push_back({policy, "PauseFeatureUpdatesStartTime", text_value(*since)});
    }
    if (managed.paused) {  // which counts only with a number of days
        values.push_back(setting(policy, "DeferFeatureUpdates", pauses ? 1 : 0));
        if (pauses) values.push_back(setting(policy, "DeferFeatureUpdatesPeriodInDays", 0));
    }
    if (managed.paused || managed.defer_days) {
        const auto days = static_cast<std::uint32_t>(managed.defer_days.value_or(0));
        values.push_back(setting(policy, "DeferQualityUpdates", pauses || days > 0 ? 1 : 0));
        if (pauses || days > 0) values.push_back(setting(policy, "DeferQualityUpdatesPeriodInDays", days));
    }
    RegistryChange change(registry_);
    if (auto written = originals_.manage(values, change); !written) return written;
    const bool changed = change.any();
    change.keep();
    if (changed && refresh_) refresh_();
    return {};
}

}  // namespace steward::platform

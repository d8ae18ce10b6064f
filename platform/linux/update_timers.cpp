#include "platform/linux/update_timers.h"

#include <algorithm>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/calendar.h"
#include "platform/linux/drop_in.h"
#include "platform/linux/unit_file.h"
#include "platform/linux/update_rules.h"

namespace steward::platform {
namespace {

constexpr std::string_view service_file = "/etc/systemd/system/steward-updates.service";
constexpr std::string_view wants_file = "/etc/systemd/system/timers.target.d/50-steward-updates.conf";
constexpr std::string_view head = "[Unit]\nDescription=Updates, by the rules of the management server\n\n";
constexpr std::string_view service_body =
    "[Service]\nType=oneshot\nExecStart=/usr/bin/steward updates --enforce\nTimeoutStartSec=infinity\n";
constexpr std::string_view every_head = "*-*-* 00/", every_tail = ":00";

std::string timer(const std::vector<std::string>& calendar, std::string_view delay) {
    std::string text = "[Timer]\nOnCalendar=\n";
    for (const auto& event : calendar) text += "OnCalendar=" + event + "\n";
    return text + "RandomizedDelaySec=" + std::string(delay) + "\n";
}

InstallTimes times_for(const UpdateRules& rules) {
    InstallTimes times;
    times.day = rules.day.value_or(0);
    times.hour = hour_of(rules);
    const std::optional<bool> weeks[] = {rules.first_week, rules.second_week, rules.third_week, rules.fourth_week};
    for (int i = 0; i < 4; ++i) times.weeks[i] = weeks[i].value_or(false);
    const bool some = std::find(std::begin(times.weeks), std::end(times.weeks), true) != std::end(times.weeks);
    times.every_week = rules.every_week.value_or(!some) || !some;
    return times;
}

}  // namespace

const std::string_view hourly_timer = "steward-updates.timer";
const std::string_view hourly_timer_file = "/etc/systemd/system/steward-updates.timer";

std::string unit_drop_in(std::string_view unit) {
    return "/etc/systemd/system/" + std::string(unit) + ".d/50-steward.conf";
}

bool schedules(const UpdateRules& rules) {
    return rules.day || rules.hour || rules.every_week || rules.first_week || rules.second_week || rules.third_week ||
           rules.fourth_week;
}

std::string schedule_body(const UpdateRules& rules) {
    return schedules(rules) ? timer(calendar_of(times_for(rules)), "30m") + "Persistent=true\n" : "";
}

void read_schedule(const Files& files, std::string_view timer, UpdateRules& rules) {
    const auto calendar = unit_values(files, timer, "Timer", "OnCalendar");
    const auto times = calendar ? times_of(*calendar) : std::nullopt;
    if (!times) return;
    rules.day = times->day;
    rules.hour = times->hour;
    rules.every_week = times->every_week;
    rules.first_week = times->weeks[0];
    rules.second_week = times->weeks[1];
    rules.third_week = times->weeks[2];
    rules.fourth_week = times->weeks[3];
}

std::string every_hours_body(int hours) {
    return timer({std::string(every_head) + std::to_string(hours) + std::string(every_tail)}, "10m");
}

std::optional<int> hours_between(const Files& files, std::string_view timer) {
    const auto calendar = unit_values(files, timer, "Timer", "OnCalendar");
    if (!calendar || calendar->size() != 1) return std::nullopt;
    std::string_view event = calendar->front();
    if (!event.starts_with(every_head) || !event.ends_with(every_tail)) return std::nullopt;
    event.remove_prefix(every_head.size());
    event.remove_suffix(every_tail.size());
    const auto hours = to_integer(event);
    if (!hours || *hours < 1 || *hours > 22) return std::nullopt;
    return static_cast<int>(*hours);
}

Result<std::vector<Change>> hourly_call(const Files& files, bool needed) {
    std::vector<Change> changes;
    const std::string begin(head);
    for (const auto& [path, body] :
         {std::pair(service_file, begin + std::string(service_body)),
          std::pair(hourly_timer_file, begin + timer({"hourly"}, "10m") + "Persistent=true\n"),
          std::pair(wants_file, "[Unit]\nWants=" + std::string(hourly_timer) + "\n")}) {
        auto change = drop_in(files, std::string(path), needed ? body : "");
        if (!change) return std::move(change).error();
        changes.push_back(std::move(*change));
    }
    return changes;
}

bool called_hourly(const Files& files) {
    const auto calendar = unit_values(files, hourly_timer, "Timer", "OnCalendar");
    return files.exists(wants_file) && calendar && *calendar == std::vector<std::string>{"hourly"} &&
           files.exists(service_file);
}

}  // namespace steward::platform

// When updates are looked for and installed: by systemd's timers, changed by drop-ins of ours.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/linux/files.h"
#include "platform/updates.h"

namespace steward::platform {

std::string unit_drop_in(std::string_view unit);  // the path of ours

bool schedules(const UpdateRules& rules);
std::string schedule_body(const UpdateRules& rules);  // of the timer that installs; empty: no schedule is asked for
void read_schedule(const Files& files, std::string_view timer, UpdateRules& rules);

std::string every_hours_body(int hours);  // of the timer that looks
std::optional<int> hours_between(const Files& files, std::string_view timer);

// The service of ours that systemd calls every hour while days are counted; a body is empty while it is not needed.
Result<std::vector<Change>> hourly_call(const Files& files, bool needed);
extern const std::string_view hourly_timer, hourly_timer_file;
bool called_hourly(const Files& files);

}  // namespace steward::platform

// Days of the calendar and times of a day as text.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace steward {

// 2024-01-31; nullopt: it has another form, or there is no such day.
std::optional<std::chrono::sys_days> parse_day(std::string_view text);

struct Moment {
    std::chrono::sys_days day;
    std::string clock;  // 03:00:00
    bool utc = false;   // else in local time
};
// 2024-01-31T03:00:00, with a Z at its end when it is UTC.
std::optional<Moment> parse_moment(std::string_view text);

}  // namespace steward

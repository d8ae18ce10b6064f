// A day of the calendar as text: 2024-01-31.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace steward {

// nullopt: it has another form, or there is no such day.
std::optional<std::chrono::sys_days> parse_day(std::string_view text);

}  // namespace steward

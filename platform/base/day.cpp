#include "platform/base/day.h"

#include <algorithm>
#include <charconv>

namespace steward {

std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t size) {
        const auto part = text.substr(at, size);
        unsigned value = 0;
        const bool digits = std::all_of(part.begin(), part.end(), [](char each) { return each >= '0' && each <= '9'; });
        return digits && std::from_chars(part.data(), part.data() + size, value).ec == std::errc() ? value : 0U;
    };
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(number(0, 4))),
                                           std::chrono::month(number(5, 2)), std::chrono::day(number(8, 2))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date);
}

}  // namespace steward

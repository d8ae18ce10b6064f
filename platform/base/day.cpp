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

std::optional<Moment> parse_moment(std::string_view text) {
    const bool utc = text.ends_with('Z');
    if (utc) text.remove_suffix(1);
    constexpr std::string_view shape = "00:00:00";
    if (text.size() != 11 + shape.size() || text[10] != 'T') return std::nullopt;
    const auto day = parse_day(text.substr(0, 10));
    const auto clock = text.substr(11);
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const bool fits = shape[i] == '0' ? clock[i] >= '0' && clock[i] <= '9' : clock[i] == shape[i];
        if (!fits) return std::nullopt;
    }
    if (!day || clock.substr(0, 2) > "23" || clock.substr(3, 2) > "59" || clock.substr(6) > "59") return std::nullopt;
    return Moment{*day, std::string(clock), utc};
}

}  // namespace steward

#include "platform/base/clock.h"

#include <cstdio>

namespace steward {
namespace {

std::string formatted(std::int64_t seconds, const char* format) {
    using namespace std::chrono;
    const sys_seconds time{std::chrono::seconds(seconds)};
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    char text[40];
    std::snprintf(text, sizeof text, format, static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    return text;
}

}  // namespace

std::string iso_basic(std::int64_t seconds) {
    return formatted(seconds, "%04d%02u%02uT%02d%02d%02dZ");
}

std::string iso_extended(std::int64_t seconds) {
    return formatted(seconds, "%04d-%02u-%02uT%02d:%02d:%02dZ");
}

}  // namespace steward

#include "platform/linux/calendar.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::array<std::string_view, 7> day_names = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 4> week_days = {"01..07", "08..14", "15..21", "22..28"};

std::string event(const InstallTimes& times, std::string_view days) {
    std::string text;
    if (times.day > 0) text = std::string(day_names.at(static_cast<std::size_t>(times.day - 1))) + " ";
    text += "*-*-" + std::string(days) + (times.hour < 10 ? " 0" : " ") + std::to_string(times.hour) + ":00";
    return text;
}

// One event; false when it is not of the form that event() makes.
bool parse(std::string_view text, InstallTimes& times) {
    times.day = 0;
    const auto named = std::find(day_names.begin(), day_names.end(), text.substr(0, 3));
    if (named != day_names.end()) {
        times.day = static_cast<int>(named - day_names.begin()) + 1;
        text = trim(text.substr(3));
    }
    if (!text.starts_with("*-*-")) return false;
    text.remove_prefix(4);
    const auto blank = text.find(' ');
    if (blank == std::string_view::npos) return false;
    const auto days = text.substr(0, blank);
    auto clock = trim(text.substr(blank));
    if (!clock.ends_with(":00")) return false;
    clock.remove_suffix(3);
    if (clock.ends_with(":00")) clock.remove_suffix(3);  // seconds may stand there, too
    const auto hour = to_integer(clock.starts_with('0') && clock.size() == 2 ? clock.substr(1) : clock);
    if (!hour || *hour < 0 || *hour > 23) return false;
    times.hour = static_cast<int>(*hour);
    if (days == "*") return times.every_week = true;
    const auto week = std::find(week_days.begin(), week_days.end(), days);
    if (week == week_days.end()) return false;
    times.every_week = false;
    times.weeks[week - week_days.begin()] = true;
    return true;
}

}  // namespace

std::vector<std::string> calendar_of(const InstallTimes& times) {
    std::vector<std::string> events;
    if (!times.every_week) {
        for (std::size_t i = 0; i < week_days.size(); ++i) {
            if (times.weeks[i]) events.push_back(event(times, week_days[i]));
        }
    }
    if (events.empty()) events.push_back(event(times, "*"));
    return events;
}

std::optional<InstallTimes> times_of(const std::vector<std::string>& calendar) {
    InstallTimes all;
    for (const auto& text : calendar) {
        InstallTimes one;
        if (!parse(text, one)) return std::nullopt;
        if (&text == &calendar.front()) {
            all = one;
            continue;
        }
        if (one.day != all.day || one.hour != all.hour || one.every_week || all.every_week) return std::nullopt;
        for (int i = 0; i < 4; ++i) all.weeks[i] = all.weeks[i] || one.weeks[i];
    }
    if (calendar.empty()) return std::nullopt;
    return all;
}

}  // namespace steward::platform

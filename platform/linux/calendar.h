// When updates are installed, as systemd's calendar says it. Source: systemd.time(7), "Calendar events".
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace steward::platform {

struct InstallTimes {
    int day = 0;   // 0: every day, 1: Sunday … 7: Saturday
    int hour = 3;  // local time
    bool every_week = true;
    bool weeks[4] = {};  // of the month, when not every week counts
    bool operator==(const InstallTimes&) const = default;
};

std::vector<std::string> calendar_of(const InstallTimes& times);

// The same back; nullopt for words that say anything else.
std::optional<InstallTimes> times_of(const std::vector<std::string>& calendar);

}  // namespace steward::platform

// How long the device can go on without mains.
#pragma once

#include <optional>

#include "platform/shapes.h"

namespace steward::platform {

// Bits of SYSTEM_POWER_STATUS.BatteryFlag.
enum BatteryFlag { battery_high = 1, battery_low = 2, battery_critical = 4, battery_charging = 8, battery_none = 128 };

// Read only: write() is refused.
struct Battery {
    std::optional<int> flags;         // a sum of BatteryFlag
    std::optional<int> seconds_left;  // -1: on mains, or nobody can tell
    std::optional<int> seconds_full;  // running time of a full battery; -1 likewise
};

}  // namespace steward::platform

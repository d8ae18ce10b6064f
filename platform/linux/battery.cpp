#include "platform/linux/battery.h"

#include <algorithm>
#include <limits>
#include <string>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

struct Supplies {
    bool present = false;
    bool charging = false, discharging = false;
    std::int64_t now = 0, full = 0, rate = 0;  // in the unit of the driver: µWh and µW, or µAh and µA
    std::optional<std::int64_t> percent;
};

// Source: Documentation/ABI/testing/sysfs-class-power of the kernel.
Supplies read_supplies(const Files& files) {
    Supplies battery;
    const auto supplies = files.list("/sys/class/power_supply");
    if (!supplies) return battery;
    for (const auto& name : *supplies) {
        const auto path = "/sys/class/power_supply/" + name + "/";
        if (files.fact(path + "type") != "Battery" || files.fact(path + "scope") == "Device") continue;
        if (files.fact(path + "present").value_or("1") == "0") continue;
        const auto number = [&](const char* energy, const char* charge) -> std::int64_t {
            auto text = files.fact(path + energy);
            if (!text) text = files.fact(path + charge);
            return std::max<std::int64_t>(to_integer(text.value_or("0")).value_or(0), 0);
        };
        battery.present = true;
        battery.charging = battery.charging || files.fact(path + "status") == "Charging";
        battery.discharging = battery.discharging || files.fact(path + "status") == "Discharging";
        battery.now += number("energy_now", "charge_now");
        battery.full += number("energy_full", "charge_full");
        battery.rate += number("power_now", "current_now");
        if (!battery.percent) battery.percent = to_integer(files.fact(path + "capacity").value_or(""));
    }
    if (battery.full > 0) battery.percent = battery.now * 100 / battery.full;
    return battery;
}

int seconds_for(std::int64_t amount, const Supplies& battery) {
    if (!battery.discharging || battery.rate == 0 || amount == 0) return -1;
    constexpr std::int64_t longest = std::numeric_limits<int>::max();
    return static_cast<int>(std::min(amount * 3600 / battery.rate, longest));
}

}  // namespace

Result<Battery> LinuxBattery::read() {
    Battery battery;
    const auto supplies = read_supplies(files_);
    if (!supplies.present) {
        if (files_.exists("/sys/class/power_supply")) battery.flags = battery_none;
        battery.seconds_left = battery.seconds_full = -1;
        return battery;
    }
    if (supplies.percent) {  // the limits of SYSTEM_POWER_STATUS
        int flags = supplies.charging ? battery_charging : 0;
        if (*supplies.percent > 66) flags |= battery_high;
        if (*supplies.percent < 33) flags |= battery_low;
        if (*supplies.percent < 5) flags |= battery_critical;
        battery.flags = flags;
    }
    battery.seconds_left = seconds_for(supplies.now, supplies);
    battery.seconds_full = seconds_for(supplies.full, supplies);
    return battery;
}

Outcome LinuxBattery::write(const Battery&) {
    return Error{Fault::refused, "A battery is observed, not set.", ""};
}

}  // namespace steward::platform

#include "platform/windows/battery.h"

#include <windows.h>

#include <limits>

#include "platform/windows/failure.h"

namespace steward::platform {
namespace {

constexpr BYTE unknown_flags = 255;

// -1 is what it is when nobody can tell, there as here.
int seconds(DWORD number) {
    constexpr auto longest = static_cast<DWORD>(std::numeric_limits<int>::max());
    return number > longest ? -1 : static_cast<int>(number);
}

}  // namespace

Result<Battery> WindowsBattery::read() {
    SYSTEM_POWER_STATUS status{};
    if (!::GetSystemPowerStatus(&status)) return failed_call("The battery does not tell its state.", {});
    Battery battery;
    if (status.BatteryFlag != unknown_flags) battery.flags = status.BatteryFlag;
    battery.seconds_left = seconds(status.BatteryLifeTime);
    battery.seconds_full = seconds(status.BatteryFullLifeTime);
    return battery;
}

Outcome WindowsBattery::write(const Battery&) {
    return Error{Fault::refused, "A battery is observed, not set.", ""};
}

}  // namespace steward::platform

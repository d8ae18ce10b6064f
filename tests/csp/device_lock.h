// The settings of DeviceLock and what a device says once it has one of them: the same on every system.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "csp/csp.h"
#include "csp/node.h"

namespace steward::csp {

inline constexpr char device_lock[] = "./Device/Vendor/MSFT/Policy/Config/DeviceLock";

struct Setting {
    const char* name;
    const char* value;
    const char* device;  // what the device says then
};
inline constexpr Setting settings[] = {
    {"DevicePasswordEnabled", "0", "0"},
    {"MinDevicePasswordLength", "12", "12"},
    {"MinDevicePasswordLength", "4", "6"},
    {"MinDevicePasswordLength", "17", "refused"},
    {"MinimumPasswordLength", "20", "20"},
    {"MinDevicePasswordComplexCharacters", "3", "3"},
    {"AlphanumericDevicePasswordRequired", "0", "0"},
    {"AlphanumericDevicePasswordRequired", "1", "2"},
    {"AllowSimpleDevicePassword", "0", "0"},
    {"AllowSimpleDevicePassword", "1", "1"},
    {"PasswordComplexity", "1", "1"},
    {"DevicePasswordHistory", "5", "5"},
    {"PasswordHistorySize", "25", "refused"},
    {"DevicePasswordExpiration", "90", "90"},
    {"MaximumPasswordAge", "0", "0"},
    {"MinimumPasswordAge", "2", "2"},
    {"MaxDevicePasswordFailedAttempts", "5", "5"},
    {"AccountLockoutPolicy", "AccountLockoutThreshold:10,AccountLockoutDuration:30,ResetAccountLockoutCounterAfter:20",
     "AccountLockoutDuration:30, AccountLockoutThreshold:10, ResetAccountLockoutCounterAfter:20"},
    {"AllowAdministratorLockout", "1", "1"},
    {"MaxInactivityTimeDeviceLock", "15", "15"},
    {"NoSuchPolicy", "1", "no node"},
};

// One setting of DeviceLock, alone on a pristine device: what the device says then.
inline std::string alone(std::vector<Csp>& csps, std::string_view name, const std::string& value) {
    for (auto& csp : csps) {
        if (csp.root() != device_lock) continue;
        const auto* node = csp.node().child(name);
        if (node == nullptr) return "no node";
        const auto made = canonical(node->format, node->allowed, value);
        if (!made) return "refused";
        const auto& field = std::get<OfState>(node->binding);
        Values values(csp.node().children.size());
        values[field.index] = *made;
        const auto written = field.state->write("", values);
        if (!written) return written.error().what;
        const auto now = field.state->read("");
        return now ? (*now)[field.index].value_or("unknown") : "fault";
    }
    return "no csp";
}

}  // namespace steward::csp

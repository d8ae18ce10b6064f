// Wireless networks that this device is told to know, and the guard under which the network is changed.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "platform/shapes.h"
#include "platform/wlan_profile.h"

namespace steward::platform {

// Named by the SSID or name under which the server keeps it. names() tells of our networks only: what people set up
// themselves is neither seen nor touched. read() leaves the key out but for one "*" that says that there is one; the
// type of the key stays recognisable (64 characters when it is derived).
struct WifiNetwork {
    static constexpr int unrestricted = 1, fixed = 2, variable = 3;

    std::optional<WlanProfile> profile;  // needed by all others
    std::optional<std::string> pac_url;  // where a proxy is found
    std::optional<bool> discover_proxy;  // WPAD
    std::optional<int> cost;             // variable reads as fixed where the system knows "metered" alone
    bool operator==(const WifiNetwork&) const = default;
};

// What wireless networks may be used for. Source: DDF Policy, area Wifi.
struct WirelessRules {
    std::optional<bool> allowed;  // at all
    std::optional<bool> sharing;  // by this device, as a network for others
    bool operator==(const WirelessRules&) const = default;
};

// Never saw off the branch: while the guard is armed the network returns by itself to what it was, even if this process
// dies, unless somebody who has reached the server says keep().
struct NetworkGuard {
    enum class Verdict : std::uint8_t { kept, had_been_undone };

    virtual ~NetworkGuard() = default;
    virtual Outcome arm(std::chrono::seconds patience) = 0;  // again: the time begins anew, what was stays remembered
    virtual bool is_armed() const = 0;
    virtual Result<Verdict>
    keep() = 0;                  // disarms it; had_been_undone: the time was over and the network is the old one
    virtual Outcome undo() = 0;  // at once, and disarms it
};

}  // namespace steward::platform

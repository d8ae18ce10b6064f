// The network adapters of the device.
#pragma once

#include <optional>
#include <string>

#include "platform/shapes.h"

namespace steward::platform {

// Named by its hardware address: "52:54:00:12:34:56". Read only.
struct Adapter {
    enum Kind { unknown = 0, wired = 1, wireless = 2 };

    std::optional<std::string> interface;  // "wlp3s0"
    std::optional<int> kind;
    std::optional<bool> connected;
    std::optional<std::string> ipv4;  // the first address
    std::optional<std::string> ipv4_netmask;
    std::optional<std::string> ipv6;  // the first address, a global one where there is one
};

// What the device is connected by. Read only.
struct Uplink {
    std::optional<bool> metered;  // it costs money by what goes over it; nullopt: nobody here can tell
};

}  // namespace steward::platform

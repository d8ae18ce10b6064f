// Notices that something on the device may have changed; whoever is told looks for himself.
#pragma once

#include <cstdint>

namespace steward::platform {

enum class Changed : std::uint8_t { logins, network };

}  // namespace steward::platform

// What the operating system or a person tells a running service.
#pragma once

#include <cstdint>

namespace steward::platform {

enum class Signal : std::uint8_t { stop, reload };

}  // namespace steward::platform

// A UDP socket on all addresses of both families. Source: udp(7), ipv6(7).
#pragma once

#include <cstdint>
#include <memory>

#include "platform/datagrams.h"

namespace steward::platform {

// Port 0: any free one; `bound` says which. Faults: busy (taken), denied, io.
Result<std::unique_ptr<Datagrams>> listen_on(std::uint16_t port, std::uint16_t* bound = nullptr);

}  // namespace steward::platform

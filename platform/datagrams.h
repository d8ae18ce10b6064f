// A UDP port that listens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "platform/base/result.h"

namespace steward::platform {

struct Datagrams {
    virtual ~Datagrams() = default;
    // The next datagram; what is larger than `most` bytes is dropped unseen. Fault interrupted after close().
    virtual Result<std::string> next(std::size_t most) = 0;
    virtual void close() = 0;  // from any thread
};

// On all addresses of both families. Port 0: any free one; `bound` says which. Faults: busy (taken), denied, io.
Result<std::unique_ptr<Datagrams>> listen_on(std::uint16_t port, std::uint16_t* bound = nullptr);

}  // namespace steward::platform

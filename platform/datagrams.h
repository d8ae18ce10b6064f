// A UDP port that listens.
#pragma once

#include <cstddef>
#include <string>

#include "platform/base/result.h"

namespace steward::platform {

struct Datagrams {
    virtual ~Datagrams() = default;
    // The next datagram; what is larger than `most` bytes is dropped unseen. Fault interrupted after close().
    virtual Result<std::string> next(std::size_t most) = 0;
    virtual void close() = 0;  // from any thread
};

}  // namespace steward::platform

// A TCP port that only programs of this machine reach, and a line that somebody types meanwhile.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "platform/endpoint.h"

namespace steward::platform {

struct Loopback {
    struct Event {
        std::unique_ptr<Connection> visitor;  // or else
        std::string typed;                    // some bytes; "": there will be no more
    };

    virtual ~Loopback() = default;
    virtual std::uint16_t port() const = 0;
    // Whatever comes first. typed: the file descriptor that is watched, too, always the same one; -1: none. Faults:
    // timeout, io.
    virtual Result<Event> next(int typed, std::chrono::milliseconds patience) = 0;
};

// On a free port of 127.0.0.1. visitor_patience: how long one read of a visitor may wait. The evidence of an error is
// what the system said.
Result<std::unique_ptr<Loopback>> listen_on_loopback(std::chrono::seconds visitor_patience);

}  // namespace steward::platform

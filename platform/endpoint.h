// A place on this machine where local programs talk to the service.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/base/result.h"

namespace steward::platform {

// Who is at the other end, as the operating system vouches for.
struct Visitor {
    unsigned user = 0;
    bool administrator = false;  // root, or the user that the service itself runs as
};

struct Connection {
    virtual ~Connection() = default;
    // Some bytes; "" when the other end is done. Waits at most as long as the connection was given. Fault timeout.
    virtual Result<std::string> read(std::size_t most) = 0;
    virtual Outcome write(std::string_view bytes) = 0;
    virtual const Visitor& visitor() const = 0;
    virtual void shut() = 0;  // from any thread: reads and writes under way come to their end
};

struct Endpoint {
    virtual ~Endpoint() = default;
    virtual Result<std::unique_ptr<Connection>> accept() = 0;  // Fault interrupted after close()
    virtual void close() = 0;                                  // from any thread
};

// Everybody may connect; what a visitor may do is decided by who he is. Replaces what a service that died left behind;
// Faults: busy when one answers there, denied, io.
Result<std::unique_ptr<Endpoint>> listen_at(const std::string& place, std::chrono::seconds patience);

// Fault not_found when no service listens there. patience: how long one read may wait; 0: for ever.
Result<std::unique_ptr<Connection>> connect_to(const std::string& place, std::chrono::seconds patience);

}  // namespace steward::platform

// What the two processes say to each other over a connection: frames of a kind, a length and a body. The one with the
// device opens a connection for each job, asks, and answers what the one with the network asks meanwhile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/endpoint.h"

namespace steward::courier {

enum class Kind : std::uint8_t {
    // Asked by the one with the device; the first of a connection is open, unless it is port.
    open,     // Trust and the contents of its files: how the account reaches its server
    post,     // Request -> reply or failed
    get,      // likewise
    listen,   // Request, seconds of silence -> head, then data, until over or failed
    session,  // Brief -> course
    port,     // number of a UDP port -> done or failed, then datagram after datagram
    // Answered by the one with the network.
    reply,
    failed,  // Error
    head,
    data,
    over,
    course,
    done,
    datagram,
    // Asked by the one with the network, in the midst of a job.
    run,           // Context, Operations -> answers
    run_atomic,    // likewise
    client_nonce,  // raw octets -> done
    server_nonce,
    sent,      // Outgoing -> done
    received,  // Reply -> done
    heard,     // answers to alerts -> done
    wait,      // milliseconds -> bool in a verdict
    sign,      // Padding, block -> signature or failed
    // Answered by the one with the device.
    answers,
    verdict,
    signature,
    last = signature
};

struct Frame {
    Kind kind = Kind::failed;
    std::string body;
};

class Line {
  public:
    static constexpr std::size_t longest = 64u << 20;  // of a body: a few of the largest messages and objects

    explicit Line(platform::Connection& connection) : connection_(connection) {}

    Outcome send(Kind kind, std::string_view body = {});
    // Fault interrupted when the other side has hung up, malformed for what is no frame.
    Result<Frame> next();

  private:
    platform::Connection& connection_;
    std::string pending_;
};

}  // namespace steward::courier

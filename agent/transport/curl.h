// The Exchange that talks to real servers. TLS 1.2 or newer, the peer always verified: there is no switch for less.
// HTTP/1.1 with Content-Length, as S23 of the wire rules asks. Redirects are answers like any other (the caller sees
// the 3xx), so no message ever follows one to another place or scheme.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>

#include "agent/transport/exchange.h"
#include "agent/transport/identity.h"

namespace steward::transport {

struct Limits {
    std::chrono::milliseconds connect = std::chrono::seconds(30);
    std::chrono::milliseconds total = std::chrono::minutes(5);  // of one exchange, connecting included
    // What the server does not take for so long goes with its connection: the device may have changed networks, and the
    // old one's connections never say that they are dead.
    std::chrono::milliseconds untaken = std::chrono::seconds(20);
    std::size_t reply = 16u << 20;  // bytes of a body, after decompression
    std::stop_token stop;           // ends an exchange under way within a second
};

// One connection is kept and used again as long as the object lives. Not for use by two threads at once.
class CurlExchange final : public Exchange, public Stream {
  public:
    explicit CurlExchange(Trust trust, Limits limits = {});
    // Takes the contents given for the files of `trust`, which then only names them.
    CurlExchange(Trust trust, Material material, Limits limits);
    ~CurlExchange() override;

    // Faults: malformed (URL, header or option), denied (TLS trust, ours or theirs), too_large, timeout,
    // io (name, connection, proxy), not_found (a certificate or key file).
    Result<Reply> post(const Request& request) override;
    Result<Reply> get(const Request& request) override;

    // Sleeps until something arrives: no timers run meanwhile.
    Outcome listen(const Request& request, const Listener& listener) override;

  private:
    Result<Reply> exchange(const Request& request, bool post);

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Outcome of the rule "https, and http only to this machine itself"; accounts and RespURI are judged by it too.
Outcome acceptable_url(std::string_view url);

}  // namespace steward::transport

// One HTTP exchange with a management server. Source: MS-MDM 2.1, protocol binding of OMA-DM 1.2.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/result.h"

namespace steward::transport {

// How one account reaches its server; the same for all requests of a session.
struct Trust {
    std::string ca_file;           // PEM; empty: the system's store
    std::string certificate_file;  // PEM client certificate for mutual TLS; empty: none
    std::string key_file;          // PEM private key that belongs to it, or the PKCS#11 URI of one in a token
    std::string proxy;             // http://host:port; empty: the environment decides, or the system
    std::string roots_file = {};   // PEM, trusted besides all of those: what the server itself delivered
    // SHA-256 of the server's SubjectPublicKeyInfo in base64 (RFC 7469): asked for on top of a trusted chain. Empty:
    // any key.
    std::string key_pin = {};
    bool operator==(const Trust&) const = default;
};

struct Request {
    std::string url;  // https; http only to a loopback address
    std::string content_type;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

// The certificate of a server's chain, its authority's included, that ends first.
struct ChainEnd {
    std::string subject;
    Instant not_before{}, not_after{};
};

struct Reply {
    int status = 0;
    std::string content_type;  // as sent, parameters included
    std::string body;
    std::string location = {};                        // of a redirect, as sent
    std::string hmac;                                 // x-syncml-hmac
    std::optional<std::chrono::seconds> retry_after;  // counted from when the answer came; never negative
    std::optional<ChainEnd> chain_end = {};           // of a handshake that showed a chain; a resumed one shows none
    bool truncated = false;  // the connection ended before the promised length: only a complete document counts (A16)
};

// A GET that stays open. Each may end it by returning false.
struct Listener {
    std::function<bool(const Reply& head)> opened;  // status and content type; once, before any data
    std::function<bool(std::string_view bytes)> data;
    std::chrono::seconds silence{1200};  // nothing at all for so long: the connection is dead
};

struct Stream {
    virtual ~Stream() = default;
    // Returns when the server ended it or the listener did. Faults as Exchange, timeout after silence, interrupted.
    virtual Outcome listen(const Request& request, const Listener& listener) = 0;
};

struct Exchange {
    virtual ~Exchange() = default;
    virtual Result<Reply> post(const Request& request) = 0;  // any HTTP status is a Reply; Error: no answer came
    virtual Result<Reply> get(const Request&) {              // without body and its type
        return Error{Fault::unsupported, "This connection posts only.", {}};
    }
};

}  // namespace steward::transport

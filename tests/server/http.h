// A small HTTP/1.1 server side: requests read with hard limits, responses written with faults where told.
// Source: RFC 9110, RFC 9112; only what an OMA-DM client needs: POST and GET, Content-Length, keep-alive.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/base/result.h"

namespace steward::server {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The certificate that the other end of a connection showed.
struct Peer {
    std::string certificate;  // DER; empty: none, or no TLS
    std::string doubt;        // why TLS does not trust it; empty: it does
    bool trusted() const { return !certificate.empty() && doubt.empty(); }
};

// What bytes travel over: plain TCP or TLS.
struct Stream {
    virtual ~Stream() = default;
    virtual Peer peer() const { return {}; }
    virtual Result<std::size_t> read(char* into, std::size_t capacity) = 0;  // 0: the peer closed
    virtual Outcome write(std::string_view bytes) = 0;
};

struct Request {
    std::string method, target, version;
    Headers headers;
    std::string body;

    std::string header(std::string_view name) const;  // the first of that name in any case; empty when absent
    bool keep_alive() const;
};

struct Response {
    int status = 200;
    std::string content_type;
    Headers headers;
    std::string body;
    // Deliberate faults, to see what a client makes of them.
    std::optional<std::size_t> cut;   // close the connection after so many bytes of the body
    std::ptrdiff_t length_error = 0;  // added to the true Content-Length
};

struct Limits {
    std::size_t head = 64u << 10;
    std::size_t body = 64u << 20;
};

// The request line and the header fields, without the blank line that ends them.
Result<Request> parse_head(std::string_view head);

// Reads one request after the other from a connection; keeps what was read beyond the end of one.
class RequestReader {
  public:
    RequestReader(Stream& stream, Limits limits) : stream_(stream), limits_(limits) {}

    // nullopt: the peer closed between two requests. An Error with fault too_large or malformed deserves the status
    // of refusal().
    Result<std::optional<Request>> next();

  private:
    Result<bool> fill();  // false: the peer closed

    Stream& stream_;
    Limits limits_;
    std::string pending_;
};

int refusal(const Error& error);  // the HTTP status for a request that could not be read
std::string_view reason(int status);

// The head, Content-Length as the response says (faults included), and how much of the body to send.
std::string encode_head(const Response& response, bool keep_alive);
Outcome write(Stream& stream, const Response& response, bool keep_alive);

}  // namespace steward::server

// A server on 127.0.0.1 that plays raw bytes, so that tests can send what no well-behaved HTTP library would.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/server/tls.h"
#include "tests/transport/socket.h"

namespace steward::transport {

struct Line {
    std::string bytes = {};  // the raw answer to one request
    bool close = true;       // afterwards; otherwise the next request is expected on the same connection
    bool hang = false;       // never answer
    bool unasked = false;    // said without waiting for a request
};

struct Disguise {
    server::Identity identity;
    std::string client_authority = {};  // PEM; not empty: a client certificate of it is required
    int newest = 0;                     // protocol version of <openssl/ssl.h>; 0: any
    bool forgetful = false;             // no session is resumed: every connection takes a whole handshake
};

class Loopback {
  public:
    explicit Loopback(std::vector<Line> lines, std::optional<Disguise> tls = {});
    ~Loopback();
    Loopback(const Loopback&) = delete;
    Loopback& operator=(const Loopback&) = delete;

    std::string url(const std::string& host = "127.0.0.1") const;  // https or http, path /dm
    std::vector<std::string> requests() const;                     // raw, as far as they were read completely
    int connections() const { return connections_; }
    int broken_handshakes() const { return broken_handshakes_; }

  private:
    void serve();
    std::optional<std::string> read_request(test::Socket socket, void* ssl) const;

    std::vector<Line> lines_;
    std::optional<Disguise> tls_;
    test::Socket listener_ = test::no_socket;
    int port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    test::Socket current_ = test::no_socket;  // the open connection, so that the destructor can end it
    bool stopping_ = false;
    std::atomic<int> connections_ = 0, broken_handshakes_ = 0;
    std::thread thread_;
};

}  // namespace steward::transport

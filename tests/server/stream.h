// The two streams of the test server, both over a connected socket with a time limit on every read and write.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "platform/base/result.h"
#include "tests/server/http.h"
#include "tests/server/tls.h"

namespace steward::server {

// A socket that closes itself.
class Socket {
  public:
    explicit Socket(int descriptor = -1) : descriptor_(descriptor) {}
    ~Socket();
    Socket(Socket&& other) noexcept;
    Socket& operator=(Socket&& other) noexcept;
    int get() const { return descriptor_; }

  private:
    int descriptor_;
};

std::unique_ptr<Stream> plain_stream(int socket, std::chrono::seconds patience);

// Makes the handshake; an Error says why it failed (a client certificate that is missing or not ours, an old protocol).
Result<std::unique_ptr<Stream>> tls_stream(int socket, Tls& tls, std::chrono::seconds patience);

}  // namespace steward::server

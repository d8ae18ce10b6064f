// A TLS context for the test server: TLS 1.2 or later, with or without client certificates.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "platform/base/result.h"
#include "tests/server/authority.h"

namespace steward::server {

enum class ClientCertificate : std::uint8_t {
    required,  // no handshake without a good one
    asked      // the handshake goes on with none or a bad one; Stream::peer() says what came
};

class Tls {
  public:
    // client_ca: PEM of who issues client certificates; empty: none is asked for.
    static Result<Tls> make(const Identity& identity, const std::string& client_ca,
                            ClientCertificate demand = ClientCertificate::required);
    ~Tls();
    Tls(Tls&&) noexcept;
    Tls& operator=(Tls&&) noexcept;
    void* native() const;  // SSL_CTX*, for stream.cpp alone

  private:
    struct Impl;
    explicit Tls(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace steward::server

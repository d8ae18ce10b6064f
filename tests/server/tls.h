// TLS for the test server: a certification authority that lives as long as the process, a server certificate for the
// names told, and client certificates for mutual TLS.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/base/result.h"

namespace steward::server {

struct Identity {
    std::string certificate;  // PEM
    std::string key;          // PEM, unencrypted
};

struct Validity {  // days, counted from now
    long from = -1, to = 30;
};

// Makes EC P-256 certificates.
class Authority {
  public:
    static Result<Authority> make(const std::string& name);
    ~Authority();
    Authority(Authority&&) noexcept;
    Authority& operator=(Authority&&) noexcept;

    const std::string& certificate() const;                         // PEM
    Result<Identity> server(const std::vector<std::string>& names,  // DNS names and IP addresses
                            const Validity& validity = {}) const;
    Result<Identity> client(const std::string& common_name) const;

  private:
    struct Impl;
    explicit Authority(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// A server context: TLS 1.2 or later. With client_ca (PEM) a client must show a certificate that it issued.
class Tls {
  public:
    static Result<Tls> make(const Identity& identity, const std::string& client_ca);
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

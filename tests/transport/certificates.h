// Throw-away certificates for TLS tests, minted when a test asks for them.
#pragma once

#include <memory>
#include <string>

namespace steward::transport {

struct Identity {
    std::string certificate, key;  // PEM
};

struct Wanted {
    std::string names = "DNS:localhost,IP:127.0.0.1";  // subjectAltName as OpenSSL spells it
    long from_days = -1, to_days = 1;                  // validity, counted from now
};

class Authority {
  public:
    explicit Authority(const std::string& name);
    ~Authority();

    const std::string& certificate() const { return pem_; }
    Identity issue(const Wanted& wanted = {}) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
    std::string pem_;
};

}  // namespace steward::transport

// The certification authority of the test server, which lives as long as the process: server certificates, client
// certificates for mutual TLS, and what enrolment asks of it (PKCS#10, renewal requests in CMS). Source: MS-MDE2 3.4
// and 3.5, protocol sheet 10.6 and 10.11. Certificates and requests are DER unless a name says PEM.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "tests/server/certificate.h"

namespace steward::server {

struct Identity {
    std::string certificate;  // PEM
    std::string key;          // PEM, unencrypted
};

struct Validity {  // days, counted from now
    long from = -1, to = 30;
};

struct Wish {
    std::string common_name;
    Validity validity;
    bool version_1 = false;  // extensions in a version 1 certificate, which one real server makes (A18)
};

struct Renewal {
    std::string request;  // PKCS#10
    CertificateFacts signer;
};

// Has an EC P-256 key.
class Authority {
  public:
    static Result<Authority> make(const std::string& name);
    ~Authority();
    Authority(Authority&&) noexcept;
    Authority& operator=(Authority&&) noexcept;

    const std::string& certificate() const;                         // PEM
    const CertificateFacts& facts() const;                          // of the authority's own certificate
    Result<Identity> server(const std::vector<std::string>& names,  // DNS names and IP addresses
                            const Validity& validity = {}) const;
    Result<Identity> client(const std::string& common_name) const;

    // For the public key of a request that facts_of_request() has accepted; signed with SHA-256.
    Result<CertificateFacts> issue(std::string_view request, const Wish& wish) const;

    // Ok where this authority issued it and it is valid at that time.
    Outcome vouches_for(std::string_view certificate, Instant now) const;

    // A CMS SignedData around a PKCS#10. The signer's certificate comes with it or is `known` (empty: none).
    Result<Renewal> open_renewal(std::string_view cms, std::string_view known) const;

  private:
    struct Impl;
    explicit Authority(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace steward::server

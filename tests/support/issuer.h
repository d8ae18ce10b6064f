// A certification authority for tests of enrolment: it issues certificates for PKCS#10 requests and signs files.
#pragma once

#include <memory>
#include <string>

#include "platform/base/clock.h"

namespace steward::test {

class Issuer {
  public:
    explicit Issuer(const std::string& name);
    ~Issuer();
    Issuer(const Issuer&) = delete;
    Issuer& operator=(const Issuer&) = delete;

    std::string certificate() const;  // DER

    // DER; for the key of the request, whatever the request says otherwise. Empty: the request is damaged or its
    // signature is wrong.
    std::string issue(const std::string& request, const std::string& common_name, Instant not_before,
                      Instant not_after) const;

    // CMS SignedData over the content, DER.
    std::string sign(const std::string& content) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// What stands in a request, one line per fact: "subject CN=…", "signature ok", "bits 2048", "extension OID=hex".
std::string facts_of_request(const std::string& der);

// The content of a CMS SignedData message whose signature its own certificate confirms; empty: it does not.
std::string content_of_message(const std::string& der);

// Whether this is the RSA SHA-256 signature over the bytes by the key of the certificate.
bool signature_fits(const std::string& certificate, const std::string& bytes, const std::string& signature);

}  // namespace steward::test

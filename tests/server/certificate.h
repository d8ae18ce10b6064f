// What stands in certificates and certificate requests, as far as an enrolment server looks at it. All DER.
#pragma once

#include <string>
#include <string_view>

#include "platform/base/clock.h"
#include "platform/base/result.h"

namespace steward::server {

struct CertificateFacts {
    std::string der;
    std::string thumbprint;  // SHA-1, upper-case hex, as CertificateStore names it
    std::string common_name;
    Instant not_before, not_after;
};
Result<CertificateFacts> facts_of(std::string_view certificate);

struct RequestFacts {
    std::string common_name;
    std::string key;  // "RSA" or "EC"
    int bits = 0;
    std::string digest;  // of the signature: "SHA256"
};
// Fault::malformed: no PKCS#10; Fault::denied: it is not signed by the key inside.
Result<RequestFacts> facts_of_request(std::string_view request);

// Whether `signature` (RSA or ECDSA with SHA-256) over `data` was made with the key of the certificate.
bool signed_by(std::string_view certificate, std::string_view data, std::string_view signature);

}  // namespace steward::server

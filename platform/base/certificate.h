// X.509 certificates as facts, and messages signed with them (CMS, RFC 5652). Bytes are DER unless PEM is said.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/result.h"

namespace steward {

struct Certificate {
    std::string der;
    std::string subject, issuer;  // one line for people
    std::string common_name;      // of the subject; empty: it has none
    std::string thumbprint;       // SHA-1 in upper case without separators, as CertificateStore names it
    std::string fingerprint;      // SHA-256, "AB:CD:…"
    std::string key_pin;          // SHA-256 of the SubjectPublicKeyInfo in base64, as RFC 7469 pins it
    Instant not_before{}, not_after{};
};

// One certificate, DER or the first of a PEM text. Fault malformed. Neither signature nor dates are judged (A18).
Result<Certificate> read_certificate(std::string_view bytes);
// The same of what is parsed already: an X509 of OpenSSL's. Parsing is what costs.
Certificate facts_of(const void* x509);

// Every certificate of a PEM text, as DER. Fault malformed when it holds none or a damaged one.
Result<std::vector<std::string>> read_certificates(std::string_view pem);

std::string to_pem(std::string_view certificate);

// SHA-1 in upper case, for comparing with a name that a server gave.
std::string thumbprint_of(std::string_view der);

// The content of a SignedData message (DER or PEM), once one of the authorities (PEM) vouches for its signer at that
// time. Faults: malformed, denied.
Result<std::string> verify_message(std::string_view message, std::string_view authorities, Instant now);

// A CMS EnvelopedData message (DER) that only the holder of the certificate's private key can read: AES-256, and OAEP
// where the key is RSA.
Result<std::string> seal_message(std::string_view content, std::string_view certificate);

}  // namespace steward

// Certificates of this device: whom it trusts, what it knows of chains, and with what it shows who it is. Certificates
// are named by the SHA-1 thumbprint of their DER: 40 hexadecimal digits, in either case.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/shapes.h"

namespace steward::platform {

inline constexpr std::size_t longest_certificate = 64u << 10;  // bytes of DER

struct StoredCertificate {
    std::optional<std::string> encoded;  // DER in base64
    bool operator==(const StoredCertificate&) const = default;
};

// A certificate with its chain and its private key, brought as a PFX (PKCS #12, RFC 7292). Named by whoever brings it.
struct ClientCertificate {
    static constexpr int tpm = 1, tpm_if_there = 2, software = 3, hello = 4;
    static constexpr int plain = 0;

    std::optional<int> key_location;  // tpm_if_there reads as software: a key that came from outside is kept in a file
    std::optional<std::string> pfx;   // base64; reads as digest_of_pfx()
    std::optional<std::string> password;  // reads as "*"
    std::optional<int> password_encryption;
    std::optional<bool> exportable;
    // What came of it; not for write().
    std::optional<std::string> thumbprint;
    std::optional<bool> complete;  // the certificate and the key that belongs to it are where they should be
    bool operator==(const ClientCertificate&) const = default;
};

// What tells that this PFX was installed and no other one.
inline std::string digest_of_pfx(const std::string& base64) {
    return to_hex(sha256(from_base64(base64).value_or(std::string())));
}

struct CertificateStores {
    Table<StoredCertificate>& roots;          // names() of those that we added, read() of any that the system trusts
    Table<StoredCertificate>& system;         // all that the system trusts, whoever added them; observed, not set
    Table<StoredCertificate>& intermediates;  // authorities that are known but vouch for nobody by themselves
    Table<ClientCertificate>& clients;
    Table<StoredCertificate>& personal;  // those of `clients` by their thumbprints; observed, not set
};

}  // namespace steward::platform

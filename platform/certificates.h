// Certificates of this device: whom it trusts, and what it knows of chains. Certificates are named by the SHA-1
// thumbprint of their DER: 40 hexadecimal digits, in either case.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "platform/shapes.h"

namespace steward::platform {

inline constexpr std::size_t longest_certificate = 64u << 10;  // bytes of DER

struct StoredCertificate {
    std::optional<std::string> encoded;  // DER in base64
    bool operator==(const StoredCertificate&) const = default;
};

struct CertificateStores {
    Table<StoredCertificate>& roots;          // names() of those that we added, read() of any that the system trusts
    Table<StoredCertificate>& system;         // all that the system trusts, whoever added them; observed, not set
    Table<StoredCertificate>& intermediates;  // authorities that are known but vouch for nobody by themselves
};

}  // namespace steward::platform

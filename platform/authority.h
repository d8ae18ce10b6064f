// Certificates of authorities that a server sends, each under its thumbprint.
#pragma once

#include <string>
#include <string_view>

#include "platform/base/result.h"
#include "platform/certificates.h"

namespace steward::platform {

// Whether this can be the name of a certificate.
bool names_certificate(std::string_view key);

// The DER in `managed`, once it is an authority and has this name.
Result<std::string> authority_named(std::string_view key, const StoredCertificate& managed);

}  // namespace steward::platform

// What a certificate says it may be used for.
#pragma once

#include <string>
#include <string_view>

#include "platform/base/result.h"

namespace steward {

struct CertificateUse {
    bool authority = false;     // vouches for others: CA:TRUE, or self-signed and older than that extension (version 1)
    bool signs_in = false;      // clientAuth among its extended key usages, or it has none
    std::string user_name;      // the user principal name among its alternative names; empty: none
    std::string template_name;  // by which Microsoft's certificate services made it; empty: none
};

// Of one certificate in DER. Fault malformed.
Result<CertificateUse> read_certificate_use(std::string_view der);

}  // namespace steward

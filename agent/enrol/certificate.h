// Asking for the certificate, and the provisioning document that comes with it. Source: MS-WSTEP, MS-MDE2 3.4 and 3.5,
// protocol sheet 10.6, 10.7 and 10.11.
#pragma once

#include <string>
#include <string_view>

#include "agent/enrol/credentials.h"
#include "agent/enrol/facts.h"
#include "agent/transport/exchange.h"
#include "platform/base/result.h"

namespace steward::enrol {

enum class Purpose : std::uint8_t { issue, renew };

struct TokenRequest {
    Purpose purpose = Purpose::issue;
    std::string request;         // PKCS#10 in DER; to renew: CMS SignedData around one
    std::string server_version;  // EnrollmentVersion of the discovery answer
    bool by_person = true;       // somebody started it
};

std::string token_body(const TokenRequest& request, const DeviceFacts& facts);  // what stands in s:Body

// The provisioning document of the answer's Body, decoded. Faults: denied with the server's words (Disposition), or
// malformed.
Result<std::string> read_token(const Element& body);

Result<std::string> request_token(transport::Exchange& exchange, const std::string& url, const TokenRequest& request,
                                  const DeviceFacts& facts, const Credentials& credentials, platform::Keystore& keys,
                                  Instant now);

}  // namespace steward::enrol

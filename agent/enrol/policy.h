// What kind of key the server wants. Source: MS-XCEP, MS-MDE2 3.3, protocol sheet 10.5.
#pragma once

#include <string>

#include "agent/enrol/credentials.h"
#include "agent/transport/exchange.h"
#include "platform/base/result.h"

namespace steward::enrol {

struct KeyPolicy {
    int bits = 2048;                              // RSA; never fewer than 2048, whatever the server asks for
    std::string hash = "2.16.840.1.101.3.4.2.1";  // OID: SHA-256, which is used even where a server names SHA-1
    bool stated = false;                          // by the server, in a form that could be read
};

std::string policies_body();  // what stands in s:Body

// From the Body of the answer; what is missing stays at its default. Fault unsupported when the server wants a key
// that is not RSA or longer than 8192 bits.
Result<KeyPolicy> read_policies(const Element& body);

// An answer that is no well-formed XML means the default policy (A14); a fault stays one.
Result<KeyPolicy> get_policies(transport::Exchange& exchange, const std::string& url, const Credentials& credentials,
                               platform::Keystore& keys, Instant now);

}  // namespace steward::enrol

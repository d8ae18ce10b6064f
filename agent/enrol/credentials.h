// Who asks for the enrolment, and how that is proved in wsse:Security. Source: MS-MDE2 3.3 and 3.4, protocol
// sheet 10.4.
#pragma once

#include <string>
#include <string_view>

#include "agent/enrol/soap.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "platform/keystore.h"

namespace steward::enrol {

enum class AuthPolicy : std::uint8_t { on_premise, federated, certificate };

const char* name_of(AuthPolicy policy);  // as on the wire: "OnPremise"

struct Credentials {
    AuthPolicy policy = AuthPolicy::on_premise;
    std::string user;
    std::string secret;       // the password, or the token as the server gave it
    std::string certificate;  // DER, for AuthPolicy::certificate
    std::string key;          // reference into the key store that goes with it
};

// The envelope with the proof in its header; a signature covers all of it. Lifetime of a signature: ten minutes.
Result<std::string> prove(Envelope envelope, const Credentials& credentials, platform::Keystore& keys, Instant now);

// A token that is a JSON web token is announced as one (Entra), any other as a user token.
bool is_web_token(std::string_view token);

}  // namespace steward::enrol

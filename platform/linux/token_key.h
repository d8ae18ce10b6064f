// A key that a token keeps, in use: its operations are done there and it is never read.
#pragma once

#include <string>

#include "platform/private_key.h"

namespace steward::platform {

Result<PrivateKey> key_of_token(const std::string& uri);  // a PKCS#11 URI

// As key_source() names one: the path of a file, or a PKCS#11 URI.
Result<PrivateKey> key_of_source(const std::string& source);

}  // namespace steward::platform

// A private key of this device as a TLS library is to be given it, where the library can't read its source by itself.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "platform/base/result.h"

namespace steward::platform {

struct TlsKey {
    std::string pem;               // empty: the object is to be used
    std::shared_ptr<void> object;  // an EVP_PKEY of OpenSSL, whose private half nobody reads
};

// The source is what key_source() gives. nullopt: a library reads it by itself.
Result<std::optional<TlsKey>> tls_key(const std::string& source);

}  // namespace steward::platform

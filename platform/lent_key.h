// An RSA key that something else holds and uses for us, such as a TPM: OpenSSL takes it for a key like any other.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "platform/base/result.h"
#include "platform/private_key.h"

namespace steward::platform {

struct RsaPublic {
    std::string modulus, exponent;  // big-endian
};

enum class Digest : std::uint8_t { sha1, sha256, sha384, sha512 };

// Of PKCS #1 2.2, or of PSS with MGF1 by the same digest and a salt as long as it (RFC 8446 4.2.3).
enum class Scheme : std::uint8_t { pkcs1, pss };

struct KeyHolder {
    virtual ~KeyHolder() = default;
    virtual Result<std::string> sign(Digest digest, Scheme scheme, std::string_view hash) = 0;
};

Result<PrivateKey> lent_key(const RsaPublic& shown, std::shared_ptr<KeyHolder> holder);

}  // namespace steward::platform

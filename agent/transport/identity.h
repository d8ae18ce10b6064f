// Who we are to a server, in a TLS handshake of a process that has no files of ours: contents, and a key that somebody
// else holds and uses for us.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "platform/base/result.h"
#include "platform/keystore.h"

namespace steward::transport {

// Signs a block with the RSA or EC key of the account; see platform::PrivateKey::sign_block.
using KeyUse = std::function<Result<std::string>(platform::Padding padding, std::string_view block)>;

// What the files that Trust names hold.
struct Material {
    std::string authorities;  // PEM; of ca_file
    std::string roots;        // PEM; of roots_file
    std::string certificate;  // PEM, its chain behind it; of certificate_file
    KeyUse key;               // of key_file
};

// Both false when the text can't be used. ssl_ctx: an SSL_CTX of OpenSSL. The key must outlive its handshakes.
bool trust_besides_text(void* ssl_ctx, const std::string& pem);
bool use_identity(void* ssl_ctx, const std::string& certificate_pem, const KeyUse& key);
// With an EVP_PKEY that signs where it is kept.
bool use_held_key(void* ssl_ctx, const std::string& certificate_file, void* key);

}  // namespace steward::transport

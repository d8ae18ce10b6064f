// One private key in use: OpenSSL behind bytes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "platform/base/result.h"
#include "platform/keystore.h"

namespace steward::platform {

class PrivateKey {
  public:
    static Result<PrivateKey> make(const KeySpec& spec);
    static Result<PrivateKey> of_pem(std::string_view pem);
    // Over an EVP_PKEY, for those of OpenSSL's neighbours that have another source of keys.
    explicit PrivateKey(std::shared_ptr<void> key) : key_(std::move(key)) {}

    Result<std::string> pem() const;  // PKCS#8, unencrypted
    Result<std::string> request(const RequestFacts& facts) const;
    Result<std::string> sign_message(std::string_view certificate, std::string_view content) const;
    Result<std::string> sign(std::string_view bytes) const;
    // The bare operation of an RSA or EC key that a TLS library builds its signatures on. Fault unsupported for others.
    Result<std::string> sign_block(Padding padding, std::string_view block) const;
    // Whether it signs with RSA as TLS 1.2 and 1.3 need it: not every TPM knows PSS with a salt as long as the digest.
    Outcome suits_tls() const;
    Result<bool> belongs(std::string_view certificate) const;
    const std::shared_ptr<void>& object() const { return key_; }  // the EVP_PKEY

  private:
    std::shared_ptr<void> key_;
};

}  // namespace steward::platform

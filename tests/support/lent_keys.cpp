#include "tests/support/lent_keys.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

namespace steward::test {
namespace {

std::string number(const EVP_PKEY* key, const char* name) {
    BIGNUM* found = nullptr;
    EVP_PKEY_get_bn_param(key, name, &found);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(found)), '\0');
    BN_bn2bin(found, reinterpret_cast<unsigned char*>(bytes.data()));
    BN_free(found);
    return bytes;
}

const EVP_MD* kind_of(platform::Digest digest) {
    switch (digest) {
        case platform::Digest::sha1:
            return EVP_sha1();
        case platform::Digest::sha256:
            return EVP_sha256();
        case platform::Digest::sha384:
            return EVP_sha384();
        case platform::Digest::sha512:
            return EVP_sha512();
    }
    return nullptr;
}

}  // namespace

PlayedHolder::PlayedHolder(int bits) : key_(EVP_RSA_gen(static_cast<unsigned>(bits))) {}

PlayedHolder::~PlayedHolder() {
    EVP_PKEY_free(static_cast<EVP_PKEY*>(key_));
}

platform::RsaPublic PlayedHolder::shown() const {
    const auto* key = static_cast<const EVP_PKEY*>(key_);
    return {number(key, OSSL_PKEY_PARAM_RSA_N), number(key, OSSL_PKEY_PARAM_RSA_E)};
}

Result<std::string> PlayedHolder::sign(platform::Digest digest, platform::Scheme scheme, std::string_view hash) {
    asked.push_back(scheme);
    if (broken) return Error{Fault::io, "The TPM is in lockout.", "0x80280400"};
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(static_cast<EVP_PKEY*>(key_), nullptr);
    const bool pss = scheme == platform::Scheme::pss;
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(static_cast<EVP_PKEY*>(key_))), '\0');
    std::size_t size = signature.size();
    const bool made = EVP_PKEY_sign_init(context) == 1 &&
                      EVP_PKEY_CTX_set_rsa_padding(context, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) == 1 &&
                      EVP_PKEY_CTX_set_signature_md(context, kind_of(digest)) == 1 &&
                      (!pss || EVP_PKEY_CTX_set_rsa_pss_saltlen(
                                   context, longest_salt ? RSA_PSS_SALTLEN_MAX : RSA_PSS_SALTLEN_DIGEST) == 1) &&
                      EVP_PKEY_sign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                                    reinterpret_cast<const unsigned char*>(hash.data()), hash.size()) == 1;
    EVP_PKEY_CTX_free(context);
    if (!made) return Error{Fault::bug, "The key of this test does not sign.", {}};
    return signature;
}

}  // namespace steward::test

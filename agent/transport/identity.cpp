// RSA_METHOD and EC_KEY_METHOD are how a key can be a function that takes what OpenSSL has padded; platform/lent_key.h
// has those that pad by themselves.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "agent/transport/identity.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "platform/base/freer.h"

namespace steward::transport {
namespace {

using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Rsa = std::unique_ptr<RSA, Freer<RSA_free>>;
using Ec = std::unique_ptr<EC_KEY, Freer<EC_KEY_free>>;

Bio reader(const std::string& text) {
    if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return nullptr;
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Certificate next_certificate(BIO* from) {
    return Certificate(PEM_read_bio_X509(from, nullptr, nullptr, nullptr));
}

int index_of_use() {
    static const int index = RSA_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

int use_key(int size, const unsigned char* block, unsigned char* to, RSA* rsa, int padding) {
    const auto* use = static_cast<const KeyUse*>(RSA_get_ex_data(rsa, index_of_use()));
    if (use == nullptr || (padding != RSA_PKCS1_PADDING && padding != RSA_NO_PADDING)) return -1;
    const auto signature = (*use)(padding == RSA_NO_PADDING ? platform::Padding::none : platform::Padding::pkcs1,
                                  {reinterpret_cast<const char*>(block), static_cast<std::size_t>(size)});
    if (!signature || signature->size() != static_cast<std::size_t>(RSA_size(rsa))) return -1;
    std::copy(signature->begin(), signature->end(), to);
    return RSA_size(rsa);
}

const RSA_METHOD* lent() {
    static const RSA_METHOD* const method = [] {
        RSA_METHOD* made = RSA_meth_dup(RSA_get_default_method());
        if (made != nullptr) RSA_meth_set_priv_enc(made, use_key);
        return made;
    }();
    return method;
}

int index_of_ec_use() {
    static const int index = EC_KEY_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

int use_ec_key(int, const unsigned char* digest, int size, unsigned char* to, unsigned* written, const BIGNUM*,
               const BIGNUM*, EC_KEY* key) {
    const auto* use = static_cast<const KeyUse*>(EC_KEY_get_ex_data(key, index_of_ec_use()));
    if (use == nullptr) return 0;
    const auto signature =
        (*use)(platform::Padding::none, {reinterpret_cast<const char*>(digest), static_cast<std::size_t>(size)});
    if (!signature || signature->size() > static_cast<std::size_t>(ECDSA_size(key))) return 0;
    std::copy(signature->begin(), signature->end(), to);
    *written = static_cast<unsigned>(signature->size());
    return 1;
}

const EC_KEY_METHOD* lent_ec() {
    static const EC_KEY_METHOD* const method = [] {
        EC_KEY_METHOD* made = EC_KEY_METHOD_new(EC_KEY_get_default_method());
        if (made != nullptr) EC_KEY_METHOD_set_sign(made, use_ec_key, nullptr, nullptr);
        return made;
    }();
    return method;
}

Key ec_key_of(X509* certificate, const KeyUse& use) {
    const EC_KEY* known = EVP_PKEY_get0_EC_KEY(X509_get0_pubkey(certificate));
    Ec ec(known == nullptr ? nullptr : EC_KEY_dup(known));
    Key key(EVP_PKEY_new());
    const bool made = key && ec && lent_ec() != nullptr && EC_KEY_set_method(ec.get(), lent_ec()) == 1 &&
                      EC_KEY_set_ex_data(ec.get(), index_of_ec_use(), const_cast<KeyUse*>(&use)) == 1 &&
                      EVP_PKEY_assign_EC_KEY(key.get(), ec.get()) == 1;
    if (!made) return nullptr;
    (void)ec.release();
    return key;
}

// The public half of a certificate, with a private half that is a function.
Key key_of(X509* certificate, const KeyUse& use) {
    if (EVP_PKEY_get_base_id(X509_get0_pubkey(certificate)) == EVP_PKEY_EC) return ec_key_of(certificate, use);
    const RSA* known = EVP_PKEY_get0_RSA(X509_get0_pubkey(certificate));
    Rsa rsa(RSA_new());
    if (known == nullptr || !rsa || lent() == nullptr) return nullptr;
    BIGNUM* n = BN_dup(RSA_get0_n(known));
    BIGNUM* e = BN_dup(RSA_get0_e(known));
    if (RSA_set0_key(rsa.get(), n, e, nullptr) != 1) {
        BN_free(n);
        BN_free(e);
        return nullptr;
    }
    Key key(EVP_PKEY_new());
    const bool made = key && RSA_set_method(rsa.get(), lent()) == 1 &&
                      RSA_set_ex_data(rsa.get(), index_of_use(), const_cast<KeyUse*>(&use)) == 1 &&
                      EVP_PKEY_assign_RSA(key.get(), rsa.get()) == 1;
    if (!made) return nullptr;
    (void)rsa.release();
    return key;
}

}  // namespace

bool trust_besides_text(void* ssl_ctx, const std::string& pem) {
    X509_STORE* store = SSL_CTX_get_cert_store(static_cast<SSL_CTX*>(ssl_ctx));
    const Bio in = reader(pem);
    bool any = false;
    while (const auto authority = in ? next_certificate(in.get()) : nullptr) {
        if (X509_STORE_add_cert(store, authority.get()) != 1) return false;
        any = true;
    }
    ERR_clear_error();  // that there is no further one
    return any;
}

bool use_identity(void* ssl_ctx, const std::string& certificate_pem, const KeyUse& key) {
    auto* context = static_cast<SSL_CTX*>(ssl_ctx);
    const Bio in = reader(certificate_pem);
    const auto certificate = in ? next_certificate(in.get()) : nullptr;
    if (!certificate || SSL_CTX_use_certificate(context, certificate.get()) != 1) return false;
    SSL_CTX_clear_chain_certs(context);
    while (const auto further = next_certificate(in.get())) {
        if (SSL_CTX_add1_chain_cert(context, further.get()) != 1) return false;
    }
    ERR_clear_error();
    const auto made = key_of(certificate.get(), key);
    return made && SSL_CTX_use_PrivateKey(context, made.get()) == 1;
}

bool use_held_key(void* ssl_ctx, const std::string& certificate_file, void* key) {
    auto* context = static_cast<SSL_CTX*>(ssl_ctx);
    return SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) == 1 &&
           SSL_CTX_use_PrivateKey(context, static_cast<EVP_PKEY*>(key)) == 1;
}

}  // namespace steward::transport

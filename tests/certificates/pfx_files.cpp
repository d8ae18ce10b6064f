#include "tests/certificates/pfx_files.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

namespace steward::test {
namespace {

X509* certificate_of(const std::string& der) {
    const auto* data = reinterpret_cast<const unsigned char*>(der.data());
    return d2i_X509(nullptr, &data, static_cast<long>(der.size()));
}

}  // namespace

std::string make_pfx(const EndEntity& entity, const std::vector<std::string>& certificates, const std::string& password,
                     PfxManner manner, int iterations) {
    int of_key = NID_aes_256_cbc, of_certificates = NID_aes_256_cbc;
    if (manner == PfxManner::older) of_key = of_certificates = NID_pbe_WithSHA1And3_Key_TripleDES_CBC;
    if (manner == PfxManner::old) {
        of_key = NID_pbe_WithSHA1And3_Key_TripleDES_CBC;
        of_certificates = NID_pbe_WithSHA1And40BitRC2_CBC;
    }
    if (manner == PfxManner::bare) of_key = of_certificates = -1;

    OSSL_LIB_CTX* context = OSSL_LIB_CTX_new();
    OSSL_PROVIDER* usual = OSSL_PROVIDER_load(context, "default");
    OSSL_PROVIDER* legacy = OSSL_PROVIDER_load(context, "legacy");
    OSSL_LIB_CTX* before = OSSL_LIB_CTX_set0_default(context);
    BIO* in = BIO_new_mem_buf(entity.key.data(), static_cast<int>(entity.key.size()));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
    X509* own = certificate_of(entity.certificate);
    STACK_OF(X509)* others = sk_X509_new_null();
    for (const auto& der : certificates) sk_X509_push(others, certificate_of(der));
    PKCS12* made =
        PKCS12_create(password.c_str(), "a name", key, own, others, of_key, of_certificates, iterations, iterations, 0);
    std::string der;
    unsigned char* data = nullptr;
    const int size = made == nullptr ? -1 : i2d_PKCS12(made, &data);
    if (size > 0) der.assign(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
    OPENSSL_free(data);
    PKCS12_free(made);
    sk_X509_pop_free(others, X509_free);
    X509_free(own);
    EVP_PKEY_free(key);
    BIO_free(in);
    OSSL_LIB_CTX_set0_default(before);
    if (legacy != nullptr) OSSL_PROVIDER_unload(legacy);
    if (usual != nullptr) OSSL_PROVIDER_unload(usual);
    OSSL_LIB_CTX_free(context);
    ERR_clear_error();
    return der;
}

}  // namespace steward::test

#include "tests/transport/certificates.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace steward::transport {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

void must(bool done, const char* what) {
    if (!done) throw std::runtime_error(std::string("OpenSSL could not ") + what);
}

Key new_key() {
    Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    must(key != nullptr, "make a key");
    return key;
}

template <class Write>
std::string pem_of(Write write) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> out(BIO_new(BIO_s_mem()), BIO_free_all);
    must(out && write(out.get()) == 1, "write PEM");
    char* data = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

void extend(X509* certificate, X509* issuer, int what, const std::string& value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str()), X509_EXTENSION_free);
    must(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "add an extension");
}

Certificate new_certificate(EVP_PKEY* key, const std::string& name, long from_days, long to_days) {
    static long serial = 0;
    Certificate certificate(X509_new(), X509_free);
    must(certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1, "make a certificate");
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
    constexpr long day = 24L * 60 * 60;
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from_days * day);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), to_days * day);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return certificate;
}

}  // namespace

struct Authority::Impl {
    Key key = new_key();
    Certificate certificate{nullptr, X509_free};
};

Authority::Authority(const std::string& name) : impl_(std::make_unique<Impl>()) {
    impl_->certificate = new_certificate(impl_->key.get(), name, -2, 2);
    X509* self = impl_->certificate.get();
    X509_set_issuer_name(self, X509_get_subject_name(self));
    extend(self, self, NID_basic_constraints, "critical,CA:TRUE");
    extend(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
    must(X509_sign(self, impl_->key.get(), EVP_sha256()) > 0, "sign");
    pem_ = pem_of([self](BIO* out) { return PEM_write_bio_X509(out, self); });
}

Authority::~Authority() = default;

Identity Authority::issue(const Wanted& wanted) const {
    const Key key = new_key();
    const Certificate certificate = new_certificate(key.get(), "steward test", wanted.from_days, wanted.to_days);
    X509* leaf = certificate.get();
    X509_set_issuer_name(leaf, X509_get_subject_name(impl_->certificate.get()));
    extend(leaf, impl_->certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
    extend(leaf, impl_->certificate.get(), NID_subject_alt_name, wanted.names);
    must(X509_sign(leaf, impl_->key.get(), EVP_sha256()) > 0, "sign");
    return {pem_of([leaf](BIO* out) { return PEM_write_bio_X509(out, leaf); }), pem_of([&key](BIO* out) {
                return PEM_write_bio_PKCS8PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            })};
}

}  // namespace steward::transport

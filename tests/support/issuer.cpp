#include "tests/support/issuer.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>

#include "platform/base/bytes.h"

namespace steward::test {
namespace {

std::string bytes_of(BIO* bio) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

template <class T, class Encode>
std::string der_of(T* object, Encode encode) {
    unsigned char* data = nullptr;
    const int size = encode(object, &data);
    std::string der(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size < 0 ? 0 : size));
    OPENSSL_free(data);
    return der;
}

template <class T, class Decode>
T* parse(const std::string& der, Decode decode) {
    const auto* data = reinterpret_cast<const unsigned char*>(der.data());
    return decode(nullptr, &data, static_cast<long>(der.size()));
}

void name(X509_NAME* subject, const std::string& text) {
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                               static_cast<int>(text.size()), -1, 0);
}

void valid(X509* certificate, Instant from, Instant to) {
    ASN1_TIME_set(X509_getm_notBefore(certificate), static_cast<std::time_t>(from.time_since_epoch().count()));
    ASN1_TIME_set(X509_getm_notAfter(certificate), static_cast<std::time_t>(to.time_since_epoch().count()));
}

}  // namespace

struct Issuer::Impl {
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    long serial = 1;
};

Issuer::Issuer(const std::string& common_name) : impl_(std::make_unique<Impl>()) {
    impl_->key = EVP_RSA_gen(2048);
    impl_->certificate = X509_new();
    X509_set_version(impl_->certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(impl_->certificate), 1);
    name(X509_get_subject_name(impl_->certificate), common_name);
    X509_set_issuer_name(impl_->certificate, X509_get_subject_name(impl_->certificate));
    const Instant long_ago{std::chrono::sys_days(std::chrono::year(2020) / 1 / 1)};
    valid(impl_->certificate, long_ago, long_ago + std::chrono::days(365 * 30));
    X509_set_pubkey(impl_->certificate, impl_->key);
    X509_EXTENSION* ca = X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE");
    X509_add_ext(impl_->certificate, ca, -1);
    X509_EXTENSION_free(ca);
    X509_sign(impl_->certificate, impl_->key, EVP_sha256());
}

Issuer::~Issuer() {
    EVP_PKEY_free(impl_->key);
    X509_free(impl_->certificate);
}

std::string Issuer::certificate() const {
    return der_of(impl_->certificate, i2d_X509);
}

std::string Issuer::issue(const std::string& request, const std::string& common_name, Instant not_before,
                          Instant not_after) const {
    X509_REQ* asked = parse<X509_REQ>(request, d2i_X509_REQ);
    if (asked == nullptr) return {};
    EVP_PKEY* key = X509_REQ_get0_pubkey(asked);
    if (key == nullptr || X509_REQ_verify(asked, key) != 1) {
        X509_REQ_free(asked);
        return {};
    }
    X509* made = X509_new();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++impl_->serial);
    name(X509_get_subject_name(made), common_name);
    X509_set_issuer_name(made, X509_get_subject_name(impl_->certificate));
    valid(made, not_before, not_after);
    X509_set_pubkey(made, key);
    X509_sign(made, impl_->key, EVP_sha256());
    std::string der = der_of(made, i2d_X509);
    X509_free(made);
    X509_REQ_free(asked);
    return der;
}

std::string Issuer::sign(const std::string& content) const {
    BIO* in = BIO_new_mem_buf(content.data(), static_cast<int>(content.size()));
    CMS_ContentInfo* cms = CMS_sign(impl_->certificate, impl_->key, nullptr, in, CMS_BINARY);
    std::string der = der_of(cms, i2d_CMS_ContentInfo);
    CMS_ContentInfo_free(cms);
    BIO_free(in);
    return der;
}

std::string facts_of_request(const std::string& der) {
    X509_REQ* request = parse<X509_REQ>(der, d2i_X509_REQ);
    if (request == nullptr) return "no request\n";
    std::string facts;
    BIO* out = BIO_new(BIO_s_mem());
    X509_NAME_print_ex(out, X509_REQ_get_subject_name(request), 0, XN_FLAG_RFC2253);
    facts += "subject " + bytes_of(out) + "\n";
    BIO_free(out);
    const ASN1_STRING* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(X509_REQ_get_subject_name(request), 0));
    facts += std::string("type ") + ASN1_tag2str(ASN1_STRING_type(text)) + "\n";
    EVP_PKEY* key = X509_REQ_get0_pubkey(request);
    facts += X509_REQ_verify(request, key) == 1 ? "signature ok\n" : "signature wrong\n";
    facts += std::string("algorithm ") + OBJ_nid2sn(X509_REQ_get_signature_nid(request)) + "\n";
    facts += "bits " + std::to_string(EVP_PKEY_get_bits(key)) + "\n";
    STACK_OF(X509_EXTENSION)* all = X509_REQ_get_extensions(request);
    for (int i = 0; i < sk_X509_EXTENSION_num(all); ++i) {
        X509_EXTENSION* each = sk_X509_EXTENSION_value(all, i);
        char oid[80];
        OBJ_obj2txt(oid, sizeof oid, X509_EXTENSION_get_object(each), 1);
        const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(each);
        facts += std::string("extension ") + oid + "=" +
                 to_hex({reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                         static_cast<std::size_t>(ASN1_STRING_length(value))}) +
                 "\n";
    }
    sk_X509_EXTENSION_pop_free(all, X509_EXTENSION_free);
    X509_REQ_free(request);
    return facts;
}

std::string content_of_message(const std::string& der) {
    CMS_ContentInfo* cms = parse<CMS_ContentInfo>(der, d2i_CMS_ContentInfo);
    if (cms == nullptr) return {};
    BIO* out = BIO_new(BIO_s_mem());
    const bool fine = CMS_verify(cms, nullptr, nullptr, nullptr, out, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
    std::string content = fine ? bytes_of(out) : std::string();
    BIO_free(out);
    CMS_ContentInfo_free(cms);
    return content;
}

bool signature_fits(const std::string& certificate, const std::string& bytes, const std::string& signature) {
    X509* parsed = parse<X509>(certificate, d2i_X509);
    if (parsed == nullptr) return false;
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const bool fits =
        EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, X509_get0_pubkey(parsed)) == 1 &&
        EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                         reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) == 1;
    EVP_MD_CTX_free(context);
    X509_free(parsed);
    return fits;
}

}  // namespace steward::test

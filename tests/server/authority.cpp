#include "tests/server/authority.h"

#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tests/server/freed.h"

namespace steward::server {
namespace {

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Request = std::unique_ptr<X509_REQ, Freed<X509_REQ_free>>;
using Store = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using Check = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>>;
using Signed = std::unique_ptr<CMS_ContentInfo, Freed<CMS_ContentInfo_free>>;

Error failed(const std::string& what) {
    char text[256] = {};
    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    ERR_clear_error();
    return {Fault::io, what, text};
}

std::string contents(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

Result<std::string> pem(X509* certificate) {
    const Bio bio(BIO_new(BIO_s_mem()));
    if (!bio || PEM_write_bio_X509(bio.get(), certificate) != 1) return failed("A certificate could not be written.");
    return contents(bio.get());
}

Result<std::string> pem(EVP_PKEY* key) {
    const Bio bio(BIO_new(BIO_s_mem()));
    if (!bio || PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        return failed("A private key could not be written.");
    }
    return contents(bio.get());
}

bool add_extension(X509* certificate, X509* issuer, int kind, const std::string& text) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, text.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool random_serial(X509* certificate) {
    const Number number(BN_new());
    return number && BN_rand(number.get(), 120, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

struct Extra {
    int kind;
    std::string text;
};

constexpr long version_3 = 2;  // counted from 0

// issuer == nullptr: self-signed.
Result<Certificate> certificate_for(EVP_PKEY* subject_key, const std::string& common_name, X509* issuer,
                                    EVP_PKEY* issuer_key, const std::vector<Extra>& extensions,
                                    const Validity& validity = {}, long version = version_3) {
    constexpr long day = 24 * 60 * 60;
    Certificate made(X509_new());
    if (!made) return failed("There is no memory for a certificate.");
    X509_NAME* name = X509_get_subject_name(made.get());
    const bool filled =
        X509_set_version(made.get(), version) == 1 && random_serial(made.get()) &&
        X509_gmtime_adj(X509_getm_notBefore(made.get()), validity.from * day) != nullptr &&
        X509_gmtime_adj(X509_getm_notAfter(made.get()), validity.to * day) != nullptr &&
        X509_set_pubkey(made.get(), subject_key) == 1 &&
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0) == 1 &&
        X509_set_issuer_name(made.get(), issuer == nullptr ? name : X509_get_subject_name(issuer)) == 1;
    if (!filled) return failed("The certificate for \"" + common_name + "\" could not be filled in.");
    for (const auto& extension : extensions) {
        if (!add_extension(made.get(), issuer == nullptr ? made.get() : issuer, extension.kind, extension.text)) {
            return failed("The certificate for \"" + common_name + "\" cannot carry the extension " + extension.text +
                          '.');
        }
    }
    if (X509_sign(made.get(), issuer_key, EVP_sha256()) == 0) {
        return failed("The certificate for \"" + common_name + "\" could not be signed.");
    }
    return made;
}

bool is_address(const std::string& name) {
    ASN1_OCTET_STRING* parsed = a2i_IPADDRESS(name.c_str());
    ASN1_OCTET_STRING_free(parsed);
    return parsed != nullptr;
}

// Parsed DER; empty where the bytes are something else or more.
template <class Pointer, auto Parse>
Pointer parsed(std::string_view bytes) {
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    const auto* end = at + bytes.size();
    Pointer made(Parse(nullptr, &at, static_cast<long>(bytes.size())));
    if (at != end) made.reset();
    ERR_clear_error();
    return made;
}

Result<std::string> der(X509* certificate) {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate, &bytes);
    if (size < 0) return failed("A certificate could not be written.");
    std::string made(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return made;
}

const std::vector<Extra> for_clients = {{NID_basic_constraints, "critical,CA:FALSE"},
                                        {NID_key_usage, "critical,digitalSignature"},
                                        {NID_ext_key_usage, "clientAuth"},
                                        {NID_subject_key_identifier, "hash"},
                                        {NID_authority_key_identifier, "keyid:always"}};

}  // namespace

struct Authority::Impl {
    Key key;
    Certificate certificate;
    std::string text;
    CertificateFacts facts;

    Result<Identity> issue_to(const std::string& common_name, const std::vector<Extra>& extensions,
                              const Validity& validity = {}) const {
        const Key subject(EVP_EC_gen("P-256"));
        if (!subject) return failed("An EC key could not be made.");
        auto made = certificate_for(subject.get(), common_name, certificate.get(), key.get(), extensions, validity);
        if (!made) return made.error();
        auto certificate_text = pem(made->get());
        if (!certificate_text) return certificate_text.error();
        auto key_text = pem(subject.get());
        if (!key_text) return key_text.error();
        return Identity{std::move(*certificate_text), std::move(*key_text)};
    }
};

Authority::Authority(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Authority::~Authority() = default;
Authority::Authority(Authority&&) noexcept = default;
Authority& Authority::operator=(Authority&&) noexcept = default;

Result<Authority> Authority::make(const std::string& name) {
    auto impl = std::make_unique<Impl>();
    impl->key.reset(EVP_EC_gen("P-256"));
    if (!impl->key) return failed("An EC key could not be made.");
    auto made = certificate_for(impl->key.get(), name, nullptr, impl->key.get(),
                                {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                 {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                 {NID_subject_key_identifier, "hash"}});
    if (!made) return made.error();
    impl->certificate = std::move(*made);
    auto text = pem(impl->certificate.get());
    if (!text) return text.error();
    impl->text = std::move(*text);
    auto bytes = der(impl->certificate.get());
    if (!bytes) return bytes.error();
    auto facts = facts_of(*bytes);
    if (!facts) return facts.error();
    impl->facts = std::move(*facts);
    return Authority(std::move(impl));
}

const std::string& Authority::certificate() const {
    return impl_->text;
}

Result<Identity> Authority::server(const std::vector<std::string>& names, const Validity& validity) const {
    if (names.empty()) return Error{Fault::incomplete, "A server certificate needs at least one name.", {}};
    std::string alternatives;
    for (const auto& name : names) {
        if (name.empty() || name.find(',') != std::string::npos) {
            return Error{Fault::invalid, "\"" + name + "\" is not a host name or address.", name};
        }
        if (!alternatives.empty()) alternatives += ',';
        alternatives += (is_address(name) ? "IP:" : "DNS:") + name;
    }
    return impl_->issue_to(names.front(),
                           {{NID_basic_constraints, "critical,CA:FALSE"},
                            {NID_key_usage, "critical,digitalSignature"},
                            {NID_ext_key_usage, "serverAuth"},
                            {NID_subject_key_identifier, "hash"},
                            {NID_authority_key_identifier, "keyid:always"},
                            {NID_subject_alt_name, alternatives}},
                           validity);
}

Result<Identity> Authority::client(const std::string& common_name) const {
    return impl_->issue_to(common_name, for_clients);
}

const CertificateFacts& Authority::facts() const {
    return impl_->facts;
}

Result<CertificateFacts> Authority::issue(std::string_view request, const Wish& wish) const {
    const auto read = parsed<Request, d2i_X509_REQ>(request);
    EVP_PKEY* subject = read ? X509_REQ_get0_pubkey(read.get()) : nullptr;
    if (subject == nullptr) return failed("The certificate request holds no key that can be read.");
    auto made = certificate_for(subject, wish.common_name, impl_->certificate.get(), impl_->key.get(), for_clients,
                                wish.validity, wish.version_1 ? 0 : version_3);
    if (!made) return made.error();
    auto bytes = der(made->get());
    if (!bytes) return bytes.error();
    return facts_of(*bytes);
}

Outcome Authority::vouches_for(std::string_view certificate, Instant now) const {
    const auto read = parsed<Certificate, d2i_X509>(certificate);
    if (!read) return Error{Fault::malformed, "The client certificate cannot be read.", {}};
    const Store store(X509_STORE_new());
    const Check check(X509_STORE_CTX_new());
    if (!store || !check || X509_STORE_add_cert(store.get(), impl_->certificate.get()) != 1 ||
        X509_STORE_CTX_init(check.get(), store.get(), read.get(), nullptr) != 1) {
        return failed("The client certificate cannot be checked.");
    }
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(check.get()), now.time_since_epoch().count());
    if (X509_verify_cert(check.get()) == 1) return {};
    const int code = X509_STORE_CTX_get_error(check.get());
    ERR_clear_error();
    return Error{Fault::denied, "The client certificate is not accepted.", X509_verify_cert_error_string(code)};
}

Result<Renewal> Authority::open_renewal(std::string_view cms, std::string_view known) const {
    const auto read = parsed<Signed, d2i_CMS_ContentInfo>(cms);
    if (!read) return Error{Fault::malformed, "The renewal request is no CMS message.", {}};
    const auto certificate = parsed<Certificate, d2i_X509>(known);
    const std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * list) { sk_X509_free(list); })> extra(
        sk_X509_new_null());
    if (certificate && extra) sk_X509_push(extra.get(), certificate.get());
    const Bio content(BIO_new(BIO_s_mem()));
    // Whether the signer is one of ours and in time is vouches_for()'s to say.
    constexpr unsigned flags = CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY;
    if (!content || CMS_verify(read.get(), extra.get(), nullptr, nullptr, content.get(), flags) != 1) {
        auto error = failed("The signature of the renewal request does not fit.");
        error.fault = Fault::denied;
        return error;
    }
    const std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * list) { sk_X509_free(list); })> signers(
        CMS_get0_signers(read.get()));
    if (!signers || sk_X509_num(signers.get()) != 1) {
        return Error{Fault::denied, "The renewal request must have one signer.", {}};
    }
    auto signer = der(sk_X509_value(signers.get(), 0));
    if (!signer) return signer.error();
    auto facts = facts_of(*signer);
    if (!facts) return facts.error();
    return Renewal{contents(content.get()), std::move(*facts)};
}

}  // namespace steward::server

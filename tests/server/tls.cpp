#include "tests/server/tls.h"

#include <arpa/inet.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "tests/server/freed.h"

namespace steward::server {
namespace {

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;

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

// issuer == nullptr: self-signed.
Result<Certificate> issue(EVP_PKEY* subject_key, const std::string& common_name, X509* issuer, EVP_PKEY* issuer_key,
                          const std::vector<Extra>& extensions, const Validity& validity = {}) {
    constexpr long day = 24 * 60 * 60;
    Certificate made(X509_new());
    if (!made) return failed("There is no memory for a certificate.");
    X509_NAME* name = X509_get_subject_name(made.get());
    const bool filled =
        X509_set_version(made.get(), 2) == 1 && random_serial(made.get()) &&
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
    unsigned char parsed[sizeof(in6_addr)];
    return inet_pton(AF_INET, name.c_str(), parsed) == 1 || inet_pton(AF_INET6, name.c_str(), parsed) == 1;
}

}  // namespace

struct Authority::Impl {
    Key key;
    Certificate certificate;
    std::string text;

    Result<Identity> issue_to(const std::string& common_name, const std::vector<Extra>& extensions,
                              const Validity& validity = {}) const {
        const Key subject(EVP_EC_gen("P-256"));
        if (!subject) return failed("An EC key could not be made.");
        auto made = issue(subject.get(), common_name, certificate.get(), key.get(), extensions, validity);
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
    auto made = issue(impl->key.get(), name, nullptr, impl->key.get(),
                      {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                       {NID_key_usage, "critical,keyCertSign,cRLSign"},
                       {NID_subject_key_identifier, "hash"}});
    if (!made) return made.error();
    impl->certificate = std::move(*made);
    auto text = pem(impl->certificate.get());
    if (!text) return text.error();
    impl->text = std::move(*text);
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
    return impl_->issue_to(common_name, {{NID_basic_constraints, "critical,CA:FALSE"},
                                         {NID_key_usage, "critical,digitalSignature"},
                                         {NID_ext_key_usage, "clientAuth"},
                                         {NID_subject_key_identifier, "hash"},
                                         {NID_authority_key_identifier, "keyid:always"}});
}

struct Tls::Impl {
    Context context;
};

Tls::Tls(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Tls::~Tls() = default;
Tls::Tls(Tls&&) noexcept = default;
Tls& Tls::operator=(Tls&&) noexcept = default;

Result<Tls> Tls::make(const Identity& identity, const std::string& client_ca) {
    auto impl = std::make_unique<Impl>();
    impl->context.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX* context = impl->context.get();
    if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
        return failed("TLS 1.2 or later cannot be set up.");
    }
    const auto size = [](const std::string& text) { return static_cast<int>(text.size()); };
    const Bio certificate_text(BIO_new_mem_buf(identity.certificate.data(), size(identity.certificate)));
    const Bio key_text(BIO_new_mem_buf(identity.key.data(), size(identity.key)));
    const Certificate certificate(PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr));
    const Key key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
    if (!certificate || !key || SSL_CTX_use_certificate(context, certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
        return failed("The server certificate and its key do not fit.");
    }
    if (client_ca.empty()) return Tls(std::move(impl));

    const Bio ca_text(BIO_new_mem_buf(client_ca.data(), size(client_ca)));
    const Certificate ca(PEM_read_bio_X509(ca_text.get(), nullptr, nullptr, nullptr));
    if (!ca || X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get()) != 1 ||
        SSL_CTX_add_client_CA(context, ca.get()) != 1) {
        return failed("The certificate of the client authority cannot be read.");
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    return Tls(std::move(impl));
}

void* Tls::native() const {
    return impl_->context.get();
}

}  // namespace steward::server

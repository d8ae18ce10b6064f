#include "tests/server/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "tests/server/freed.h"

namespace steward::server {
namespace {

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;

Error failed(const std::string& what) {
    char text[256] = {};
    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    ERR_clear_error();
    return {Fault::io, what, text};
}

// The handshake goes on whatever the certificate is; stream.cpp tells what OpenSSL thought of it.
int judge_later(int, X509_STORE_CTX*) {
    return 1;
}

}  // namespace

struct Tls::Impl {
    Context context;
};

Tls::Tls(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Tls::~Tls() = default;
Tls::Tls(Tls&&) noexcept = default;
Tls& Tls::operator=(Tls&&) noexcept = default;

Result<Tls> Tls::make(const Identity& identity, const std::string& client_ca, ClientCertificate demand) {
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
    constexpr std::string_view sessions = "steward-testserver";  // without a name no session is ever resumed
    SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(sessions.data()), sessions.size());
    if (demand == ClientCertificate::required) {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    } else {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, judge_later);
    }
    return Tls(std::move(impl));
}

void* Tls::native() const {
    return impl_->context.get();
}

}  // namespace steward::server

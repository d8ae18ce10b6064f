#include "tests/server/client.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

#include "platform/base/text.h"
#include "tests/server/freed.h"
#include "tests/server/stream.h"

namespace steward::server {
namespace {

using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

Bio text_bio(const std::string& text) {
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Error failed(const std::string& what) {
    const auto code = ERR_get_error();
    ERR_clear_error();
    const char* reason = ERR_reason_error_string(code);
    return {Fault::io, what, reason == nullptr ? "" : reason};
}

}  // namespace

struct TestClient::Impl {
    Socket socket;
    std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>> context;
    std::unique_ptr<SSL, Freed<SSL_free>> ssl;

    bool send_all(const std::string& bytes) {
        std::size_t sent = 0;
        if (ssl) return SSL_write_ex(ssl.get(), bytes.data(), bytes.size(), &sent) == 1 && sent == bytes.size();
        return send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
    }
    std::string receive() {
        std::string bytes(65536, '\0');
        std::size_t got = 0;
        if (ssl) {
            if (SSL_read_ex(ssl.get(), bytes.data(), bytes.size(), &got) != 1) got = 0;
        } else if (const auto count = recv(socket.get(), bytes.data(), bytes.size(), 0); count > 0) {
            got = static_cast<std::size_t>(count);
        }
        bytes.resize(got);
        return bytes;
    }
};

TestClient::TestClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TestClient::~TestClient() = default;
TestClient::TestClient(TestClient&&) noexcept = default;

Result<TestClient> TestClient::connect(std::uint16_t port, const std::string& ca, const std::string& name,
                                       const Identity& own, int newest_protocol) {
    auto impl = std::make_unique<Impl>();
    impl->socket = Socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(impl->socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        return Error{Fault::io, "No connection.", {}};
    }
    if (ca.empty()) return TestClient(std::move(impl));

    impl->context.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX* context = impl->context.get();
    if (newest_protocol != 0) SSL_CTX_set_max_proto_version(context, newest_protocol);
    const auto ca_bio = text_bio(ca);
    const Certificate ca_certificate(PEM_read_bio_X509(ca_bio.get(), nullptr, nullptr, nullptr));
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca_certificate.get());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    if (!own.certificate.empty()) {
        const auto certificate_bio = text_bio(own.certificate);
        const auto key_bio = text_bio(own.key);
        const Certificate certificate(PEM_read_bio_X509(certificate_bio.get(), nullptr, nullptr, nullptr));
        const Key key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr));
        SSL_CTX_use_certificate(context, certificate.get());
        SSL_CTX_use_PrivateKey(context, key.get());
    }
    impl->ssl.reset(SSL_new(context));
    SSL_set1_host(impl->ssl.get(), name.c_str());
    SSL_set_tlsext_host_name(impl->ssl.get(), name.c_str());
    SSL_set_fd(impl->ssl.get(), impl->socket.get());
    if (SSL_connect(impl->ssl.get()) != 1) return failed("No handshake.");
    return TestClient(std::move(impl));
}

Result<Reply> TestClient::post(const std::string& path, const std::string& body, const std::string& content_type) {
    const std::string request = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + content_type +
                                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    return exchange(request);
}

Result<Reply> TestClient::get(const std::string& path) {
    return exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

Result<Reply> TestClient::exchange(const std::string& request) {
    if (!impl_->send_all(request)) return failed("The request could not be sent.");
    std::string all;
    std::size_t end = std::string::npos;
    while ((end = all.find("\r\n\r\n")) == std::string::npos) {
        const auto more = impl_->receive();
        if (more.empty()) return failed("The answer ends in its head.");
        all += more;
    }
    Reply reply;
    reply.head = all.substr(0, end);
    reply.body = all.substr(end + 4);
    reply.status = static_cast<int>(to_integer(reply.head.substr(9, 3)).value_or(0));
    const auto at = reply.head.find("Content-Length: ");
    const auto line_end = reply.head.find("\r\n", at);
    const auto length =
        to_integer(reply.head.substr(at + 16, line_end == std::string::npos ? line_end : line_end - at - 16));
    while (length && reply.body.size() < static_cast<std::size_t>(*length)) {
        const auto more = impl_->receive();
        if (more.empty()) break;
        reply.body += more;
    }
    return reply;
}

std::string TestClient::protocol() const {
    return impl_->ssl ? SSL_get_version(impl_->ssl.get()) : "";
}

}  // namespace steward::server

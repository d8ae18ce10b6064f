#include "tests/server/stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

namespace steward::server {
namespace {

Error socket_error(const std::string& what) {
    const int code = errno;
    const bool timed_out = code == EAGAIN || code == EWOULDBLOCK;
    return {timed_out ? Fault::timeout : Fault::io, what, std::strerror(code)};
}

void limit_waiting(int socket, std::chrono::seconds patience) {
    timeval limit{};
    limit.tv_sec = patience.count();
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

class PlainStream final : public Stream {
  public:
    explicit PlainStream(int socket) : socket_(socket) {}

    Result<std::size_t> read(char* into, std::size_t capacity) override {
        for (;;) {
            const ssize_t got = recv(socket_, into, capacity, 0);
            if (got >= 0) return static_cast<std::size_t>(got);
            if (errno != EINTR) return socket_error("Reading from the client failed.");
        }
    }
    Outcome write(std::string_view bytes) override {
        while (!bytes.empty()) {
            const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent >= 0) {
                bytes.remove_prefix(static_cast<std::size_t>(sent));
            } else if (errno != EINTR) {
                return socket_error("Writing to the client failed.");
            }
        }
        return {};
    }

  private:
    int socket_;
};

struct Ended {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
};

std::string tls_evidence() {
    const auto code = ERR_get_error();
    ERR_clear_error();
    if (code == 0) return errno == 0 ? "the peer closed" : std::strerror(errno);
    const char* text = ERR_reason_error_string(code);
    return text == nullptr ? "error " + std::to_string(code) : text;
}

class TlsStream final : public Stream {
  public:
    explicit TlsStream(std::unique_ptr<SSL, Ended> ssl) : ssl_(std::move(ssl)) {}
    ~TlsStream() override { SSL_shutdown(ssl_.get()); }

    Peer peer() const override {
        X509* shown = SSL_get0_peer_certificate(ssl_.get());
        unsigned char* bytes = nullptr;
        const int size = shown == nullptr ? -1 : i2d_X509(shown, &bytes);
        if (size < 0) return {};
        Peer made{{reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)}, {}};
        OPENSSL_free(bytes);
        const long verdict = SSL_get_verify_result(ssl_.get());
        if (verdict != X509_V_OK) made.doubt = X509_verify_cert_error_string(verdict);
        return made;
    }

    Result<std::size_t> read(char* into, std::size_t capacity) override {
        ERR_clear_error();
        errno = 0;
        std::size_t got = 0;
        if (SSL_read_ex(ssl_.get(), into, capacity, &got) == 1) return got;
        const int kind = SSL_get_error(ssl_.get(), 0);
        // A client that closes the socket without a closing alert has still said all it had to say.
        if (kind == SSL_ERROR_ZERO_RETURN || ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
            ERR_clear_error();
            return std::size_t{0};
        }
        return Error{Fault::io, "Reading from the client failed.", tls_evidence()};
    }
    Outcome write(std::string_view bytes) override {
        while (!bytes.empty()) {
            ERR_clear_error();
            std::size_t sent = 0;
            if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent) != 1) {
                return Error{Fault::io, "Writing to the client failed.", tls_evidence()};
            }
            bytes.remove_prefix(sent);
        }
        return {};
    }

  private:
    std::unique_ptr<SSL, Ended> ssl_;
};

}  // namespace

Socket::~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
}
Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
Socket& Socket::operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

std::unique_ptr<Stream> plain_stream(int socket, std::chrono::seconds patience) {
    limit_waiting(socket, patience);
    return std::make_unique<PlainStream>(socket);
}

Result<std::unique_ptr<Stream>> tls_stream(int socket, Tls& tls, std::chrono::seconds patience) {
    limit_waiting(socket, patience);
    std::unique_ptr<SSL, Ended> ssl(SSL_new(static_cast<SSL_CTX*>(tls.native())));
    if (!ssl || SSL_set_fd(ssl.get(), socket) != 1)
        return Error{Fault::io, "TLS could not be started.", tls_evidence()};
    ERR_clear_error();
    errno = 0;
    if (SSL_accept(ssl.get()) != 1) return Error{Fault::denied, "The TLS handshake failed.", tls_evidence()};
    return std::unique_ptr<Stream>(std::make_unique<TlsStream>(std::move(ssl)));
}

}  // namespace steward::server

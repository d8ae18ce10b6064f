#include "tests/transport/loopback.h"

#include <openssl/ssl.h>

#include <memory>
#include <stdexcept>
#include <string_view>

#include "platform/base/text.h"

namespace steward::transport {
namespace {

using Channel = std::unique_ptr<SSL, decltype(&SSL_free)>;

void must(bool done, const char* what) {
    if (!done) throw std::runtime_error(std::string("the loopback server could not ") + what);
}

server::Tls context_of(const Disguise& tls) {
    auto context = server::Tls::make(tls.identity, tls.client_authority);
    must(context.ok(), "use its certificate");
    auto* native = static_cast<SSL_CTX*>(context->native());
    if (tls.forgetful) {
        SSL_CTX_set_options(native, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(native, 0);
        SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    }
    if (tls.newest != 0) {
        SSL_CTX_set_security_level(native, 0);  // old protocols are refused by OpenSSL itself otherwise
        SSL_CTX_set_min_proto_version(native, 0);
        SSL_CTX_set_max_proto_version(native, tls.newest);
    }
    return std::move(*context);
}

// The value of Content-Length in a complete header block.
std::size_t body_size(std::string_view headers) {
    for (const auto line : split(headers, '\n')) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !same_ignoring_case(line.substr(0, colon), "content-length")) continue;
        return static_cast<std::size_t>(to_integer(trim(line.substr(colon + 1))).value_or(0));
    }
    return 0;
}

bool complete(const std::string& request) {
    const auto end = request.find("\r\n\r\n");
    return end != std::string::npos && request.size() >= end + 4 + body_size(std::string_view(request).substr(0, end));
}

}  // namespace

Loopback::Loopback(std::vector<Line> lines, std::optional<Disguise> tls)
    : lines_(std::move(lines)), tls_(std::move(tls)) {
    listener_ = test::listen_here(port_);
    must(listener_ != test::no_socket, "listen");
    thread_ = std::thread([this] { serve(); });
}

Loopback::~Loopback() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        test::end_listening(listener_);
        if (current_ != test::no_socket) test::end_both_ways(current_);
    }
    thread_.join();
    test::close_socket(listener_);
}

std::string Loopback::url(const std::string& host) const {
    return (tls_ ? "https://" : "http://") + host + ':' + std::to_string(port_) + "/dm";
}

std::vector<std::string> Loopback::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

std::optional<std::string> Loopback::read_request(test::Socket socket, void* ssl) const {
    std::string request;
    char part[4096];
    while (!complete(request)) {
        const auto got = ssl != nullptr ? SSL_read(static_cast<SSL*>(ssl), part, sizeof part)
                                        : test::receive(socket, part, sizeof part);
        if (got <= 0) return std::nullopt;
        request.append(part, static_cast<std::size_t>(got));
    }
    return request;
}

void Loopback::serve() {
    test::let_writes_fail();
    std::optional<server::Tls> context;
    if (tls_) context = context_of(*tls_);
    std::size_t next = 0;
    while (next < lines_.size()) {
        const auto socket = test::accept_from(listener_);
        if (socket == test::no_socket) return;
        {
            const std::lock_guard lock(mutex_);
            current_ = socket;
            if (stopping_) test::end_both_ways(socket);
        }
        ++connections_;
        Channel channel(context ? SSL_new(static_cast<SSL_CTX*>(context->native())) : nullptr, SSL_free);
        if (channel) SSL_set_fd(channel.get(), static_cast<int>(socket));
        bool open = !channel || SSL_accept(channel.get()) == 1;
        if (!open) ++broken_handshakes_;
        while (open && next < lines_.size()) {
            const Line& line = lines_[next++];
            if (!line.unasked) {
                const auto request = read_request(socket, channel.get());
                if (!request) {
                    --next;  // a client that went without asking uses up nothing
                    break;
                }
                const std::lock_guard lock(mutex_);
                requests_.push_back(*request);
            }
            if (line.hang) {
                read_request(socket, channel.get());  // returns when the client gives up
                break;
            }
            if (channel) {
                SSL_write(channel.get(), line.bytes.data(), static_cast<int>(line.bytes.size()));
            } else {
                test::send_all(socket, line.bytes);
            }
            open = !line.close;
        }
        if (channel && !open) SSL_shutdown(channel.get());
        // Closing with unread bytes resets the connection, and the client would never see our last words.
        test::end_writing(socket);
        char rest[4096];
        while (test::receive(socket, rest, sizeof rest) > 0) {
        }
        const std::lock_guard lock(mutex_);
        current_ = test::no_socket;
        test::close_socket(socket);
    }
}

}  // namespace steward::transport

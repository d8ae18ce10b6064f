// Source: udp(7), ipv6(7).
#include "platform/datagrams.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace steward::platform {
namespace {

class UdpSocket final : public Datagrams {
  public:
    UdpSocket(int socket, int closed) : socket_(socket), closed_(closed) {}
    ~UdpSocket() override {
        ::close(socket_);
        ::close(closed_);
    }
    UdpSocket(const UdpSocket&) = delete;
    UdpSocket& operator=(const UdpSocket&) = delete;

    Result<std::string> next(std::size_t most) override {
        for (;;) {
            std::array<pollfd, 2> waiting{{{socket_, POLLIN, 0}, {closed_, POLLIN, 0}}};
            if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) {
                return Error{Fault::io, "Waiting for datagrams failed.", std::strerror(errno)};
            }
            if ((waiting[1].revents & POLLIN) != 0) return Error{Fault::interrupted, "The port was closed.", {}};
            if (waiting[0].revents == 0) continue;
            std::string bytes(most + 1, '\0');
            const ssize_t size = ::recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
            if (size < 0 || static_cast<std::size_t>(size) > most) continue;
            bytes.resize(static_cast<std::size_t>(size));
            return bytes;
        }
    }

    void close() override {
        const std::uint64_t one = 1;
        (void)!::write(closed_, &one, sizeof one);
    }

  private:
    int socket_, closed_;
};

}  // namespace

Result<std::unique_ptr<Datagrams>> listen_on(std::uint16_t port, std::uint16_t* bound) {
    const auto failed = [&](int socket) {
        const Fault fault = errno == EADDRINUSE ? Fault::busy : errno == EACCES ? Fault::denied : Fault::io;
        const Error error{fault, "UDP port " + std::to_string(port) + " cannot be listened on.", std::strerror(errno)};
        if (socket >= 0) ::close(socket);
        return error;
    };
    const int made = ::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (made < 0) return failed(made);
    const int off = 0;  // IPv4 too
    ::setsockopt(made, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_any;
    address.sin6_port = htons(port);
    socklen_t size = sizeof address;
    if (::bind(made, reinterpret_cast<const sockaddr*>(&address), size) != 0) return failed(made);
    if (bound != nullptr && ::getsockname(made, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
        *bound = ntohs(address.sin6_port);
    }
    const int closed = ::eventfd(0, EFD_CLOEXEC);
    if (closed < 0) return failed(made);
    return std::unique_ptr<Datagrams>(std::make_unique<UdpSocket>(made, closed));
}

}  // namespace steward::platform

#include "platform/datagrams.h"

#include <winsock2.h>

#include <ws2tcpip.h>

#include <array>

#include "platform/windows/failure.h"
#include "platform/windows/handle.h"
#include "platform/windows/sockets.h"

namespace steward::platform {
namespace {

class UdpSocket final : public Datagrams {
  public:
    UdpSocket(Socket socket, Handle arrived, Handle closed)
        : socket_(std::move(socket)), arrived_(std::move(arrived)), closed_(std::move(closed)) {}

    Result<std::string> next(std::size_t most) override {
        const std::array<HANDLE, 2> waiting{closed_.get(), arrived_.get()};
        for (;;) {
            std::string bytes(most + 1, '\0');
            const int size = ::recv(socket_.get(), bytes.data(), static_cast<int>(bytes.size()), 0);
            const auto code = size < 0 ? socket_error() : 0;
            if (size >= 0 && static_cast<std::size_t>(size) <= most) {
                bytes.resize(static_cast<std::size_t>(size));
                return bytes;
            }
            // What was too large is gone; a "reset" is the echo of a datagram that somebody else sent.
            if (size >= 0 || code == WSAEMSGSIZE || code == WSAECONNRESET) continue;
            if (code != WSAEWOULDBLOCK) return failed_call("Waiting for datagrams failed.", {}, code);
            const DWORD which = ::WaitForMultipleObjects(2, waiting.data(), FALSE, INFINITE);
            if (which == WAIT_OBJECT_0) return Error{Fault::interrupted, "The port was closed.", {}};
            if (which != WAIT_OBJECT_0 + 1) return failed_call("Waiting for datagrams failed.", {});
            WSANETWORKEVENTS events{};
            ::WSAEnumNetworkEvents(socket_.get(), arrived_.get(), &events);  // and sets the event back
        }
    }

    void close() override { ::SetEvent(closed_.get()); }

  private:
    Socket socket_;
    Handle arrived_, closed_;
};

}  // namespace

Result<std::unique_ptr<Datagrams>> listen_on(std::uint16_t port, std::uint16_t* bound) {
    const auto failed = [&] {
        const auto code = socket_error();
        const Fault fault = code == WSAEADDRINUSE ? Fault::busy : code == WSAEACCES ? Fault::denied : Fault::io;
        return Error{fault, "UDP port " + std::to_string(port) + " cannot be listened on.", words_of(code)};
    };
    Socket made = make_socket(AF_INET6, SOCK_DGRAM);
    if (!made.open()) return failed();
    const DWORD off = 0, on = 1;  // IPv4 too; and nobody may take the port besides
    ::setsockopt(made.get(), IPPROTO_IPV6, IPV6_V6ONLY, reinterpret_cast<const char*>(&off), sizeof off);
    ::setsockopt(made.get(), SOL_SOCKET, SO_EXCLUSIVEADDRUSE, reinterpret_cast<const char*>(&on), sizeof on);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_any;
    address.sin6_port = ::htons(port);
    int size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(made.get(), generic, size) != 0) return failed();
    if (bound != nullptr && ::getsockname(made.get(), generic, &size) == 0) *bound = ::ntohs(address.sin6_port);
    Handle arrived(::CreateEventW(nullptr, TRUE, FALSE, nullptr)),
        closed(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
    if (!arrived.open() || !closed.open() || ::WSAEventSelect(made.get(), arrived.get(), FD_READ) != 0) return failed();
    return std::unique_ptr<Datagrams>(
        std::make_unique<UdpSocket>(std::move(made), std::move(arrived), std::move(closed)));
}

}  // namespace steward::platform

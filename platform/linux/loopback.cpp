#include "platform/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "platform/linux/endpoint.h"

namespace steward::platform {
namespace {

Error failed(const char* what) {
    return {Fault::io, what, std::strerror(errno)};
}

class LoopbackSocket final : public Loopback {
  public:
    LoopbackSocket(int socket, std::uint16_t port, std::chrono::seconds patience)
        : socket_(socket), port_(port), patience_(patience) {}
    ~LoopbackSocket() override { ::close(socket_); }
    LoopbackSocket(const LoopbackSocket&) = delete;
    LoopbackSocket& operator=(const LoopbackSocket&) = delete;

    std::uint16_t port() const override { return port_; }

    Result<Event> next(int typed, std::chrono::milliseconds patience) override {
        const auto end = std::chrono::steady_clock::now() + patience;
        for (;;) {
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
            if (left <= 0) return Error{Fault::timeout, "Nobody came.", {}};
            std::array<pollfd, 2> watched{{{socket_, POLLIN, 0}, {typed, POLLIN, 0}}};
            const int ready =
                ::poll(watched.data(), watched.size(), static_cast<int>(std::min<long long>(left, 60'000)));
            if (ready < 0 && errno != EINTR) return failed("Waiting for somebody failed.");
            if (ready <= 0) continue;
            if ((watched[0].revents & POLLIN) != 0) {
                const int visitor = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
                if (visitor >= 0) return Event{connection_over(visitor, patience_), {}};
            }
            if ((watched[1].revents & (POLLIN | POLLHUP)) == 0) continue;
            std::array<char, 4096> buffer;
            const auto got = ::read(typed, buffer.data(), buffer.size());
            return Event{nullptr, std::string(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0)};
        }
    }

  private:
    int socket_;
    std::uint16_t port_;
    std::chrono::seconds patience_;
};

}  // namespace

Result<std::unique_ptr<Loopback>> listen_on_loopback(std::chrono::seconds visitor_patience) {
    constexpr const char* what = "No port of this machine's own could be opened.";
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0) return failed(what);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(made, generic, size) != 0 || ::listen(made, 4) != 0 || ::getsockname(made, generic, &size) != 0) {
        auto error = failed(what);
        ::close(made);
        return error;
    }
    return std::unique_ptr<Loopback>(std::make_unique<LoopbackSocket>(made, ntohs(address.sin_port), visitor_patience));
}

}  // namespace steward::platform

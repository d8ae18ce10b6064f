#include "platform/linux/endpoint.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

namespace steward::platform {
namespace {

Error failed(Fault fault, std::string what, const std::string& path) {
    return {fault, std::move(what), path + ": " + std::strerror(errno)};
}

Result<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        return Error{Fault::invalid, "The path of the control socket is longer than a socket's path can be.", path};
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

class SocketConnection final : public Connection {
  public:
    SocketConnection(int socket, std::chrono::seconds patience) : socket_(socket) {
        const timeval limit{patience.count(), 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        ucred credentials{};
        socklen_t size = sizeof credentials;
        if (::getsockopt(socket_, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0) {
            visitor_.user = credentials.uid;
            visitor_.administrator = credentials.uid == 0 || credentials.uid == ::geteuid();
        } else {
            visitor_.user = static_cast<unsigned>(-1);
        }
    }
    ~SocketConnection() override { ::close(socket_); }
    SocketConnection(const SocketConnection&) = delete;
    SocketConnection& operator=(const SocketConnection&) = delete;

    Result<std::string> read(std::size_t most) override {
        std::string bytes(most, '\0');
        ssize_t count = 0;
        do count = ::recv(socket_, bytes.data(), bytes.size(), 0);
        while (count < 0 && errno == EINTR);
        if (count < 0) {
            const bool late = errno == EAGAIN || errno == EWOULDBLOCK;
            return failed(late ? Fault::timeout : Fault::io, "The other end could not be read.", "control socket");
        }
        bytes.resize(static_cast<std::size_t>(count));
        return bytes;
    }

    Outcome write(std::string_view bytes) override {
        while (!bytes.empty()) {
            const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return failed(Fault::io, "The other end does not listen any more.", "control socket");
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return {};
    }

    const Visitor& visitor() const override { return visitor_; }
    void shut() override { ::shutdown(socket_, SHUT_RDWR); }

  private:
    int socket_;
    Visitor visitor_;
};

class SocketEndpoint final : public Endpoint {
  public:
    SocketEndpoint(int socket, int closed, std::string path, std::chrono::seconds patience)
        : socket_(socket), closed_(closed), path_(std::move(path)), patience_(patience) {}
    ~SocketEndpoint() override {
        if (!path_.empty()) ::unlink(path_.c_str());
        ::close(socket_);
        ::close(closed_);
    }
    SocketEndpoint(const SocketEndpoint&) = delete;
    SocketEndpoint& operator=(const SocketEndpoint&) = delete;

    Result<std::unique_ptr<Connection>> accept() override {
        for (;;) {
            std::array<pollfd, 2> waiting{{{socket_, POLLIN, 0}, {closed_, POLLIN, 0}}};
            if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) {
                return failed(Fault::io, "Waiting at the control socket failed.", path_);
            }
            if ((waiting[1].revents & POLLIN) != 0) return Error{Fault::interrupted, "The endpoint was closed.", {}};
            if ((waiting[0].revents & POLLIN) == 0) continue;
            const int made = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
            if (made >= 0) return std::unique_ptr<Connection>(std::make_unique<SocketConnection>(made, patience_));
            if (errno != EINTR && errno != ECONNABORTED && errno != EAGAIN) {
                return failed(Fault::io, "A visitor at the control socket could not be let in.", path_);
            }
        }
    }

    void close() override {
        const std::uint64_t one = 1;
        (void)!::write(closed_, &one, sizeof one);
    }

  private:
    int socket_, closed_;
    std::string path_;  // empty: the socket is somebody else's
    std::chrono::seconds patience_;
};

}  // namespace

std::unique_ptr<Connection> connection_over(int socket, std::chrono::seconds patience) {
    return std::make_unique<SocketConnection>(socket, patience);
}

Result<std::unique_ptr<Endpoint>> listen_at(const std::string& path, std::chrono::seconds patience) {
    auto address = address_of(path);
    if (!address) return address.error();
    if (auto other = connect_to(path, std::chrono::seconds(1))) {
        return Error{Fault::busy, "A Steward service is running already.", path};
    }
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
    if (error) return Error{Fault::denied, "The directory of the control socket cannot be made.", error.message()};
    ::unlink(path.c_str());
    const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0) return failed(Fault::io, "The control socket could not be made.", path);
    if (::bind(made, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0 ||
        ::chmod(path.c_str(), 0666) != 0 || ::listen(made, 16) != 0) {
        const auto refused = failed(errno == EACCES ? Fault::denied : Fault::io,
                                    "The control socket could not be opened; the service needs to be root, or a --root "
                                    "of its own.",
                                    path);
        ::close(made);
        return refused;
    }
    const int closed = ::eventfd(0, EFD_CLOEXEC);
    if (closed < 0) {
        ::close(made);
        return failed(Fault::io, "The control socket could not be opened.", path);
    }
    return std::unique_ptr<Endpoint>(std::make_unique<SocketEndpoint>(made, closed, path, patience));
}

Result<std::optional<std::unique_ptr<Endpoint>>> inherited_endpoint(std::chrono::seconds patience) {
    constexpr int first = 3;
    const char* process = std::getenv("LISTEN_PID");
    const char* count = std::getenv("LISTEN_FDS");
    if (process == nullptr || count == nullptr || process != std::to_string(::getpid())) {
        return std::optional<std::unique_ptr<Endpoint>>();
    }
    if (std::string_view(count) != "1")
        return Error{Fault::invalid, "The unit hands over more than one socket.", count};
    const int closed = ::eventfd(0, EFD_CLOEXEC);
    if (closed < 0 || ::fcntl(first, F_SETFD, FD_CLOEXEC) != 0 || ::fcntl(first, F_SETFL, O_NONBLOCK) != 0) {
        return failed(Fault::io, "The socket that systemd handed over can't be used.", "LISTEN_FDS");
    }
    return std::optional<std::unique_ptr<Endpoint>>(
        std::make_unique<SocketEndpoint>(first, closed, std::string(), patience));
}

Result<std::unique_ptr<Connection>> connect_to(const std::string& path, std::chrono::seconds patience) {
    auto address = address_of(path);
    if (!address) return address.error();
    const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0) return failed(Fault::io, "No socket could be made.", path);
    if (::connect(made, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
        const bool nobody = errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR;
        const auto error = failed(nobody ? Fault::not_found : Fault::io, "The service does not answer.", path);
        ::close(made);
        return error;
    }
    return std::unique_ptr<Connection>(std::make_unique<SocketConnection>(made, patience));
}

}  // namespace steward::platform

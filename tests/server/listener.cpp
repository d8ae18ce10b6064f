#include "tests/server/listener.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace steward::server {
namespace {

struct Freed {
    void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

Error system_error(const std::string& what) {
    return {Fault::io, what, std::strerror(errno)};
}

Result<std::uint16_t> port_of(int socket) {
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    if (getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
        return system_error("The port of the listening socket is unknown.");
    }
    if (bound.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6&>(bound).sin6_port);
    return ntohs(reinterpret_cast<sockaddr_in&>(bound).sin_port);
}

}  // namespace

Listener::Listener(Socket socket, Socket wake_read, Socket wake_write, std::uint16_t port, std::size_t most)
    : socket_(std::move(socket)),
      wake_read_(std::move(wake_read)),
      wake_write_(std::move(wake_write)),
      port_(port),
      most_(most) {}
Listener::~Listener() {
    bury_the_dead(true);
}
Listener::Listener(Listener&& other) noexcept = default;

Result<Listener> Listener::open(const std::string& address, std::uint16_t port, std::size_t most_connections) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const std::string where = address + " port " + std::to_string(port);
    if (const int failed = getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &list); failed != 0) {
        return Error{Fault::invalid, "The address " + address + " is unknown.", gai_strerror(failed)};
    }
    const std::unique_ptr<addrinfo, Freed> found(list);
    Socket socket(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int yes = 1;
    if (socket.get() < 0 || setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 || listen(socket.get(), SOMAXCONN) != 0) {
        return system_error("Nothing can be served at " + where + '.');
    }
    auto bound = port_of(socket.get());
    if (!bound) return bound.error();
    return listening(std::move(socket), *bound, most_connections);
}

Result<Listener> Listener::open_local(const std::string& path, std::size_t most_connections) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof where.sun_path) {
        return Error{
            Fault::invalid,
            "The path of a socket must have 1 to " + std::to_string(sizeof where.sun_path - 1) + " characters.", path};
    }
    path.copy(where.sun_path, path.size());
    const auto* address = reinterpret_cast<const sockaddr*>(&where);
    struct stat there {};
    if (lstat(path.c_str(), &there) == 0) {
        const Socket probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (!S_ISSOCK(there.st_mode) || connect(probe.get(), address, sizeof where) == 0) {
            return Error{Fault::exists, "The path " + path + " is in use.", path};
        }
        unlink(path.c_str());
    }
    Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    // The mode of the socket before bind() is that of the file after it.
    if (socket.get() < 0 || fchmod(socket.get(), S_IRUSR | S_IWUSR) != 0 ||
        bind(socket.get(), address, sizeof where) != 0 || listen(socket.get(), SOMAXCONN) != 0) {
        return system_error("Nothing can be served at " + path + '.');
    }
    return listening(std::move(socket), 0, most_connections);
}

Result<Listener> Listener::listening(Socket socket, std::uint16_t port, std::size_t most) {
    std::array<int, 2> pipe_ends{};
    if (pipe2(pipe_ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return system_error("There is no pipe for signals.");
    return Listener(std::move(socket), Socket(pipe_ends[0]), Socket(pipe_ends[1]), port, most);
}

void Listener::accept_one(const Serve& serve) {
    Socket client(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (client.get() < 0) return;  // the client went away before we came to it
    auto& connection = connections_.emplace_back();
    connection.socket = std::move(client);
    connection.thread = std::thread([&connection, &serve] {
        serve(connection.socket.get());
        connection.done = true;
    });
}

void Listener::bury_the_dead(bool all) {
    for (auto connection = connections_.begin(); connection != connections_.end();) {
        if (!all && !connection->done) {
            ++connection;
            continue;
        }
        if (!connection->done) shutdown(connection->socket.get(), SHUT_RDWR);
        connection->thread.join();
        connection = connections_.erase(connection);
    }
}

void Listener::run(const Serve& serve, const Tick& tick) {
    constexpr int milliseconds_between_ticks = 50;
    while (tick()) {
        bury_the_dead(false);
        const bool full = connections_.size() >= most_;
        std::array<pollfd, 2> waiting{pollfd{wake_read_.get(), POLLIN, 0}, pollfd{socket_.get(), POLLIN, 0}};
        const int ready = poll(waiting.data(), full ? 1 : 2, milliseconds_between_ticks);
        if (ready <= 0) continue;
        if ((waiting[0].revents & POLLIN) != 0) {
            std::array<char, 64> rest{};
            while (::read(wake_read_.get(), rest.data(), rest.size()) > 0) {
            }
        }
        if (!full && (waiting[1].revents & POLLIN) != 0) accept_one(serve);
    }
    bury_the_dead(true);
}

}  // namespace steward::server

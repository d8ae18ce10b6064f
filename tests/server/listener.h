// Accepts connections and gives each a thread of its own, up to a limit; more wait in the queue of the system.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <thread>

#include "platform/base/result.h"
#include "tests/server/stream.h"

namespace steward::server {

class Listener {
  public:
    // port 0: the system chooses one.
    static Result<Listener> open(const std::string& address, std::uint16_t port, std::size_t most_connections);
    // A UNIX socket that only its owner may use. One that nobody serves any more is replaced; Fault::exists: it is
    // served, or something else stands there.
    static Result<Listener> open_local(const std::string& path, std::size_t most_connections);
    ~Listener();
    Listener(Listener&& other) noexcept;

    std::uint16_t port() const { return port_; }

    using Serve = std::function<void(int socket)>;
    using Tick = std::function<bool()>;  // called now and then; false: stop

    // Returns when tick says so or wake() was called and tick says so; all connections are closed by then.
    void run(const Serve& serve, const Tick& tick);

    // May be called from a signal handler: makes run() ask tick at once.
    int wake_descriptor() const { return wake_write_.get(); }

  private:
    struct Connection {
        Socket socket;
        std::thread thread;
        std::atomic<bool> done{false};
    };
    static Result<Listener> listening(Socket socket, std::uint16_t port, std::size_t most);
    Listener(Socket socket, Socket wake_read, Socket wake_write, std::uint16_t port, std::size_t most);
    void accept_one(const Serve& serve);
    void bury_the_dead(bool all);

    Socket socket_, wake_read_, wake_write_;
    std::uint16_t port_ = 0;
    std::size_t most_ = 0;
    std::list<Connection> connections_;
};

}  // namespace steward::server

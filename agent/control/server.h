// The service's ear for local programs: lets visitors in, reads what they ask, and keeps the way back open for the
// answer.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "agent/control/request.h"
#include "platform/endpoint.h"

namespace steward::control {

// The way back to a visitor; may be used from any thread. A visitor who has gone takes nothing and disturbs nobody.
class Answer {
  public:
    explicit Answer(platform::Connection& connection) : connection_(connection) {}
    void out(const std::string& text) { send({Line::Kind::out, text, 0}); }
    void err(const std::string& text) { send({Line::Kind::err, text, 0}); }

  private:
    friend class Server;
    void send(const Line& line);
    std::mutex mutex_;
    platform::Connection& connection_;
    bool gone_ = false;
};

class Server {
  public:
    static constexpr std::size_t most_visitors = 16;

    // Called on a thread of the visitor's own; returns the exit code of what was asked.
    using Handler =
        std::function<int(const std::vector<std::string>& words, const platform::Visitor& visitor, Answer& answer)>;

    Server(std::unique_ptr<platform::Endpoint> endpoint, Handler handler);
    ~Server();  // turns everybody out
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

  private:
    struct Visit {
        std::unique_ptr<platform::Connection> connection;
        std::atomic<bool> over{false};
        std::thread thread;
    };
    void admit();
    void serve(Visit& visit);
    void tidy();

    std::unique_ptr<platform::Endpoint> endpoint_;
    Handler handler_;
    std::list<Visit> visits_;  // of the admitting thread, until it has ended
    std::thread thread_;
};

}  // namespace steward::control

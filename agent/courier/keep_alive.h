// Tells a server from time to time that its commands are still being executed, so that it does not give the session up.
// Source: DMClient EnableOmaDmKeepAliveMessage, MS-MDE2; neither says how often.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include "agent/session/session.h"

namespace steward::courier {

class KeepAlive final : public session::Execution {
  public:
    // Called from a thread of its own, while the session executes; false: the server does not take it, no more of it.
    using Post = std::function<bool(const session::Outgoing&)>;

    KeepAlive(std::chrono::milliseconds every, Post post) : every_(every), post_(std::move(post)) {}

    void begins(std::function<session::Outgoing()> pending) override;
    void ended() override;  // waits for the message that is under way

  private:
    std::chrono::milliseconds every_;
    Post post_;
    std::jthread thread_;
};

}  // namespace steward::courier

#include "agent/courier/keep_alive.h"

#include <utility>

#include "platform/base/pause.h"

namespace steward::courier {

void KeepAlive::begins(std::function<session::Outgoing()> pending) {
    thread_ = std::jthread([this, pending = std::move(pending)](const std::stop_token& done) {
        while (pause(done, every_) && post_(pending())) {
        }
    });
}

void KeepAlive::ended() {
    thread_ = {};
}

}  // namespace steward::courier

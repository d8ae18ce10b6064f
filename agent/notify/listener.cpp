#include "agent/notify/listener.h"

#include <chrono>
#include <utility>

#include "agent/notify/package0.h"

namespace steward::notify {

NotificationListener::NotificationListener(std::unique_ptr<platform::Datagrams> port,
                                           std::function<void(std::string)> heard)
    : port_(std::move(port)), heard_(std::move(heard)), thread_([this] { listen(); }) {}

NotificationListener::~NotificationListener() {
    port_->close();
    thread_.join();
}

void NotificationListener::listen() {
    auto second = std::chrono::steady_clock::now();
    int taken = 0;
    for (;;) {
        auto bytes = port_->next(largest_package0);
        if (!bytes) return;
        if (!parse_package0(*bytes)) continue;
        const auto now = std::chrono::steady_clock::now();
        if (now - second >= std::chrono::seconds(1)) {
            second = now;
            taken = 0;
        }
        if (taken++ < most_per_second) heard_(std::move(*bytes));
    }
}

}  // namespace steward::notify

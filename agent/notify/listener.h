// Hands on what arrives at the port of notifications, and no more of it than an honest server would send.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "platform/datagrams.h"

namespace steward::notify {

inline constexpr std::uint16_t package0_port = 2948;

class NotificationListener {
  public:
    static constexpr int most_per_second = 10;  // of well-formed notifications; the rest is dropped

    // `heard` gets the bytes of what has the form of package 0; nothing about it is proved yet.
    NotificationListener(std::unique_ptr<platform::Datagrams> port, std::function<void(std::string)> heard);
    ~NotificationListener();
    NotificationListener(const NotificationListener&) = delete;
    NotificationListener& operator=(const NotificationListener&) = delete;

  private:
    void listen();

    std::unique_ptr<platform::Datagrams> port_;
    std::function<void(std::string)> heard_;
    std::thread thread_;
};

}  // namespace steward::notify

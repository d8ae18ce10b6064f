// SIGTERM and SIGINT (stop) and SIGHUP (reload), heard by a thread of their own.
#pragma once

#include <pthread.h>

#include <atomic>
#include <functional>
#include <thread>

#include "platform/signals.h"

namespace steward::platform {

// Made before any other thread of the process, or those could be hit instead.
class Signals {
  public:
    explicit Signals(std::function<void(Signal)> heard);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

  private:
    void listen();

    std::function<void(Signal)> heard_;
    std::atomic<bool> over_{false};
    sigset_t before_{};
    std::thread thread_;
};

}  // namespace steward::platform

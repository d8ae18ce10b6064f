// A wait that ends when somebody asks to stop.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace steward {

// false: somebody asked.
inline bool pause(const std::stop_token& stop, std::chrono::milliseconds time) {
    std::mutex mutex;
    std::condition_variable_any over;
    std::unique_lock lock(mutex);
    over.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

}  // namespace steward

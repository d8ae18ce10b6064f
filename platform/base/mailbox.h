// Where threads leave word for the one that owns the state. The only lock in the agent is in here.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "platform/base/clock.h"

namespace steward {

template <class T>
class Mailbox {
  public:
    void post(T letter) {
        {
            const std::lock_guard lock(mutex_);
            letters_.push_back(std::move(letter));
        }
        arrived_.notify_one();
    }

    // The oldest letter; waits for one until that moment of the wall clock, or for ever. Wall time on purpose: it runs
    // on while the machine sleeps, and follows when somebody sets the clock.
    std::optional<T> take(std::optional<Instant> until = std::nullopt) {
        std::unique_lock lock(mutex_);
        const auto there = [this] { return !letters_.empty(); };
        if (!until) {
            arrived_.wait(lock, there);
        } else if (!arrived_.wait_until(lock, std::chrono::system_clock::time_point(*until), there)) {
            return std::nullopt;
        }
        std::optional<T> letter(std::move(letters_.front()));
        letters_.pop_front();
        return letter;
    }

    std::optional<T> take_if_any() {
        const std::lock_guard lock(mutex_);
        if (letters_.empty()) return std::nullopt;
        std::optional<T> letter(std::move(letters_.front()));
        letters_.pop_front();
        return letter;
    }

  private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<T> letters_;
};

}  // namespace steward

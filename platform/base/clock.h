// Time as the agent sees it; injected, so that tests own it.
#pragma once

#include <chrono>

namespace steward {

using Instant = std::chrono::sys_seconds;  // UTC, whole seconds

struct Clock {
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

struct SystemClock final : Clock {
    Instant now() const override {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    }
};

// A clock that stands still until told otherwise.
struct FixedClock final : Clock {
    Instant time{};
    Instant now() const override { return time; }
};

}  // namespace steward

// Time as the agent sees it; injected, so that tests own it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace steward {

using Instant = std::chrono::sys_seconds;  // UTC, whole seconds

struct Clock {
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

struct SystemClock final : Clock {
    Instant now() const override { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }
};

// A clock that stands still until told otherwise.
struct FixedClock final : Clock {
    Instant time{};
    Instant now() const override { return time; }
};

// Seconds since 1970 as UTC text: 20240131T235959Z (OMA-DM) and 2024-01-31T23:59:59Z (people, JSON).
std::string iso_basic(std::int64_t seconds);
std::string iso_extended(std::int64_t seconds);

}  // namespace steward

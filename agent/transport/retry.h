// When to try a failed exchange again: a pure function of what failed and how often. Source: protocol sheet 7.7.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "platform/base/clock.h"
#include "platform/base/result.h"

namespace steward::transport {

struct RetryPolicy {
    std::int64_t attempts = 3;                                                // CONNRETRYFREQ: after the first failure
    std::chrono::milliseconds initial = std::chrono::milliseconds(16000);     // INITIALBACKOFFTIME
    std::chrono::milliseconds longest = std::chrono::milliseconds(86400000);  // MAXBACKOFFTIME: of one wait
};

// How an exchange failed: without an answer (fault) or with a status that is no 2xx.
struct Failure {
    std::optional<Fault> fault;
    int status = 0;
    std::optional<std::chrono::seconds> retry_after;  // of a Reply; counts only with 429 and 503
};

// Whether time alone can heal it. Refused trust, bad addresses, oversized answers and most of 3xx and 4xx stay as they
// are until a person acts.
bool passing(const Failure& failure);

// How long to wait after the given number of failures in a row (1: the first); nullopt: give up. Full jitter: random,
// in [0, 1), spreads the wait over the whole back-off, so that a fleet does not come back in step. What Retry-After
// asks comes first and the jitter on top; no wait is longer than the policy's longest.
std::optional<std::chrono::milliseconds> next_wait(const RetryPolicy& policy, std::int64_t failures,
                                                   const Failure& failure, double random);

// Retry-After as seconds or as any of the three HTTP dates (RFC 9110 5.6.7); a moment that has passed is 0.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, Instant now);

}  // namespace steward::transport

// Restarting the device: at an hour that was ordered, with a word to whoever works at it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "platform/base/clock.h"
#include "platform/shapes.h"

namespace steward::platform {

struct Power {
    virtual ~Power() = default;
    // Restarts at this time, tells people so with this sentence, and replaces what was planned before. The plan is the
    // operating system's: it is carried out whatever becomes of us. Fault::unsupported: nobody here can do it.
    virtual Outcome plan_restart(Instant when, const std::string& sentence) = 0;
    virtual Result<std::optional<Instant>> planned_restart() = 0;
};

// Restarts that recur, in local time, each as 2026-03-01T03:00:00 (what is before the T counts for `once` and for the
// day of the week only; with a Z at its end it is UTC).
struct RestartSchedule {
    std::optional<std::string> once, daily, weekly;
    bool operator==(const RestartSchedule&) const = default;
};

}  // namespace steward::platform

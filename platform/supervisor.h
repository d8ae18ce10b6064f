// Whoever started this process as a service and watches over it. Source: sd_notify(3), sd_watchdog_enabled(3).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace steward::platform {

struct Supervisor {
    virtual ~Supervisor() = default;
    virtual void ready() = 0;  // the start is complete, or a reload
    virtual void reloading() = 0;
    virtual void stopping() = 0;
    virtual void alive() = 0;                         // to be called at least as often as watchdog() says
    virtual void status(std::string_view words) = 0;  // one line for people
    virtual std::optional<std::chrono::seconds> watchdog() const = 0;  // half of what it waits before it kills us
};

// Of this process; without one everything is said to nobody.
std::unique_ptr<Supervisor> own_supervisor();

}  // namespace steward::platform

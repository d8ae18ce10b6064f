// Making what this device's disks hold unreadable, for good. There is no way back, so it happens only where the
// device's own administrator has allowed it, and what would be done can be read beforehand.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/result.h"

namespace steward::platform {

enum class WipeKind : std::uint8_t {
    quick,    // what is encrypted loses its keys; the rest is overwritten
    thorough  // everything is overwritten, after the keys are gone
};
std::string_view name_of(WipeKind kind);

struct WipeOrder {
    WipeKind kind = WipeKind::quick;
    Instant at{};  // not before: until then the server can still be told
};

struct Wiper {
    virtual ~Wiper() = default;
    // What would be done, one sentence each, in order. Faults: refused where this device does not allow it,
    // unsupported where it has no disk.
    virtual Result<std::vector<std::string>> plan(WipeKind kind) = 0;
    // Durable on return; from `at` on the operating system carries it out, also after a restart, whatever becomes of
    // us. Faults as plan().
    virtual Outcome order(WipeKind kind, Instant at) = 0;
    virtual Result<std::optional<WipeOrder>> ordered() = 0;
    // Carries the order out. Returns when something is left of this device to return to; `say` hears of each step.
    virtual Outcome carry_out(const std::function<void(const std::string&)>& say) = 0;
};

}  // namespace steward::platform

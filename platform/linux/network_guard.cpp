#include "platform/linux/network_guard.h"

#include <utility>

namespace steward::platform {

Outcome CheckpointGuard::arm(std::chrono::seconds patience) {
    const auto seconds = static_cast<std::uint32_t>(patience.count());
    if (is_armed()) {
        auto prolonged = manager_.prolong(checkpoint_, seconds);
        if (prolonged || prolonged.error().fault != Fault::not_found) return prolonged;
        // It came back already: what is changed from now on needs a guard of its own.
        checkpoint_.clear();
    }
    auto made = manager_.checkpoint(seconds);
    if (!made) return std::move(made).error();
    checkpoint_ = std::move(*made);
    return {};
}

Result<NetworkGuard::Verdict> CheckpointGuard::keep() {
    if (!is_armed()) return Verdict::kept;
    auto forgotten = manager_.forget(checkpoint_);
    if (!forgotten && forgotten.error().fault != Fault::not_found) return std::move(forgotten).error();
    checkpoint_.clear();
    return forgotten ? Verdict::kept : Verdict::had_been_undone;
}

Outcome CheckpointGuard::undo() {
    if (!is_armed()) return {};
    auto back = manager_.rollback(std::exchange(checkpoint_, {}));
    if (!back && back.error().fault == Fault::not_found) return {};
    return back;
}

}  // namespace steward::platform

// UpdateRules on Windows: the policy that Windows Update obeys.
#pragma once

#include <functional>

#include "platform/base/clock.h"
#include "platform/updates.h"
#include "platform/windows/originals.h"

namespace steward::platform {

class WindowsUpdates final : public Record<UpdateRules> {
  public:
    // `refresh` tells Windows Update to look at its policy again; it does so by itself a while later.
    WindowsUpdates(Registry& registry, const Clock& clock, std::function<void()> refresh)
        : registry_(registry), originals_(registry, "Updates"), clock_(clock), refresh_(std::move(refresh)) {}

    Result<UpdateRules> read() override;
    Outcome write(const UpdateRules& managed) override;

  private:
    Result<std::string> pause_begin(const UpdateRules& managed);

    Registry& registry_;
    Originals originals_;
    const Clock& clock_;
    std::function<void()> refresh_;
};

}  // namespace steward::platform

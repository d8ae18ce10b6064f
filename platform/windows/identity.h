// Identity on Windows: from SMBIOS, the registry, and what the system says of itself.
#pragma once

#include <string>

#include "platform/base/clock.h"
#include "platform/identity.h"
#include "platform/windows/registry.h"

namespace steward::platform {

class WindowsIdentity final : public Record<Identity> {
  public:
    WindowsIdentity(const Registry& registry, const Clock& clock, std::string device_id)
        : registry_(registry), clock_(clock), device_id_(std::move(device_id)) {}

    Result<Identity> read() override;
    Outcome write(const Identity& managed) override;

  private:
    const Registry& registry_;
    const Clock& clock_;
    std::string device_id_;
};

}  // namespace steward::platform

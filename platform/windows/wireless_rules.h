// WirelessRules on Windows: the policy on sharing a connection. Whether there is Wi-Fi at all only Windows' own
// management may say.
#pragma once

#include "platform/wifi.h"
#include "platform/windows/originals.h"

namespace steward::platform {

class WindowsWirelessRules final : public Record<WirelessRules> {
  public:
    explicit WindowsWirelessRules(Registry& registry) : registry_(registry), originals_(registry, "Wireless") {}

    Result<WirelessRules> read() override;
    Outcome write(const WirelessRules& managed) override;

  private:
    Registry& registry_;
    Originals originals_;
};

}  // namespace steward::platform

// The connection as NetworkManager sees it. Source: NMMetered of the NetworkManager D-Bus API.
#pragma once

#include "platform/linux/bus.h"
#include "platform/network.h"

namespace steward::platform {

class LinuxUplink final : public Record<Uplink> {
  public:
    explicit LinuxUplink(Bus& bus) : bus_(bus) {}
    Result<Uplink> read() override;
    Outcome write(const Uplink& managed) override;

  private:
    Bus& bus_;
};

}  // namespace steward::platform

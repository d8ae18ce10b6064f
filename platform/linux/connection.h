// The connection as NetworkManager sees it. Source: NMMetered of the NetworkManager D-Bus API.
#pragma once

#include "platform/linux/bus.h"
#include "platform/network.h"

namespace steward::platform {

class LinuxConnection final : public Record<Connection> {
  public:
    explicit LinuxConnection(Bus& bus) : bus_(bus) {}
    Result<Connection> read() override;
    Outcome write(const Connection& managed) override;

  private:
    Bus& bus_;
};

}  // namespace steward::platform

// The battery as Windows shows it. Source: GetSystemPowerStatus.
#pragma once

#include "platform/battery.h"

namespace steward::platform {

class WindowsBattery final : public Record<Battery> {
  public:
    Result<Battery> read() override;
    Outcome write(const Battery& managed) override;
};

}  // namespace steward::platform

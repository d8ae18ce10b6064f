// The battery as the kernel shows it.
#pragma once

#include "platform/battery.h"
#include "platform/linux/files.h"

namespace steward::platform {

class LinuxBattery final : public Record<Battery> {
  public:
    explicit LinuxBattery(const Files& files) : files_(files) {}

    Result<Battery> read() override;
    Outcome write(const Battery& managed) override;

  private:
    const Files& files_;
};

}  // namespace steward::platform

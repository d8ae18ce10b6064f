// Health on Linux: what /sys, /proc, /run and the files of security software say.
#pragma once

#include "platform/base/clock.h"
#include "platform/health.h"
#include "platform/linux/files.h"
#include "platform/linux/luks.h"

namespace steward::platform {

class LinuxHealth final : public Record<Health> {
  public:
    LinuxHealth(const Files& files, Luks& luks, const Clock& clock) : files_(files), luks_(luks), clock_(clock) {}

    Result<Health> read() override;
    Outcome write(const Health& managed) override;

  private:
    const Files& files_;
    Luks& luks_;
    const Clock& clock_;
};

}  // namespace steward::platform

// Restarts by systemd-logind, and by a timer of systemd for those that recur. Source: org.freedesktop.login1(5).
#pragma once

#include "platform/linux/bus.h"
#include "platform/linux/files.h"
#include "platform/linux/units.h"
#include "platform/power.h"

namespace steward::platform {

class LinuxPower final : public Power {
  public:
    explicit LinuxPower(Bus& bus) : bus_(bus) {}
    Outcome plan_restart(Instant when, const std::string& sentence) override;
    Result<std::optional<Instant>> planned_restart() override;

  private:
    Bus& bus_;
};

class LinuxRestartSchedule final : public Record<RestartSchedule> {
  public:
    LinuxRestartSchedule(Files& files, Units& units) : files_(files), units_(units) {}
    Result<RestartSchedule> read() override;
    Outcome write(const RestartSchedule& managed) override;

  private:
    Files& files_;
    Units& units_;
};

}  // namespace steward::platform

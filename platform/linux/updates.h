// UpdateRules on Debian and Ubuntu: unattended-upgrades does the work, by a drop-in of ours in apt.conf.d and by the
// times of apt's two timers. Elsewhere the rules are refused and unknown. Source: apt.conf(5), apt.systemd.daily,
// unattended-upgrade(8).
#pragma once

#include "platform/base/clock.h"
#include "platform/linux/apt.h"
#include "platform/linux/files.h"
#include "platform/linux/units.h"
#include "platform/linux/update_holds.h"
#include "platform/processes.h"
#include "platform/updates.h"

namespace steward::platform {

class LinuxUpdates final : public Record<UpdateRules> {
  public:
    LinuxUpdates(Files& files, Processes& processes, Units& units, const Clock& clock)
        : files_(files), units_(units), clock_(clock), apt_(files, processes), holds_(files, apt_, clock) {}

    Result<UpdateRules> read() override;
    Outcome write(const UpdateRules& managed) override;

  private:
    bool called_hourly() const;
    Result<Change> pins(const UpdateRules& managed);

    Files& files_;
    Units& units_;
    const Clock& clock_;
    Apt apt_;
    UpdateHolds holds_;
};

}  // namespace steward::platform

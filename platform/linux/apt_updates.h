// UpdateRules on Debian and Ubuntu: unattended-upgrades does the work, by a drop-in of ours in apt.conf.d and by the
// times of apt's two timers. Source: apt.conf(5), apt.systemd.daily, unattended-upgrade(8).
#pragma once

#include "platform/base/clock.h"
#include "platform/linux/apt.h"
#include "platform/linux/files.h"
#include "platform/linux/units.h"
#include "platform/linux/update_holds.h"
#include "platform/updates.h"

namespace steward::platform {

class AptUpdates final : public Record<UpdateRules> {
  public:
    AptUpdates(Files& files, const Apt& apt, UpdateHolds& holds, Units& units, const Clock& clock)
        : files_(files), apt_(apt), holds_(holds), units_(units), clock_(clock) {}

    Result<UpdateRules> read() override;
    Outcome write(const UpdateRules& managed) override;

  private:
    Files& files_;
    const Apt& apt_;
    UpdateHolds& holds_;
    Units& units_;
    const Clock& clock_;
};

}  // namespace steward::platform

// UpdateRules for whichever package manager this device has. Without one the rules are refused and unknown.
#pragma once

#include "platform/base/clock.h"
#include "platform/linux/apt.h"
#include "platform/linux/apt_updates.h"
#include "platform/linux/dnf.h"
#include "platform/linux/dnf_updates.h"
#include "platform/linux/files.h"
#include "platform/linux/package_managers.h"
#include "platform/linux/units.h"
#include "platform/linux/update_holds.h"
#include "platform/processes.h"
#include "platform/updates.h"

namespace steward::platform {

class LinuxUpdates final : public Record<UpdateRules> {
  public:
    LinuxUpdates(Files& files, Processes& processes, Units& units, const Clock& clock)
        : packages_(files, processes),
          holds_(files, packages_, clock),
          apt_(files, processes),
          by_apt_(files, apt_, holds_, units, clock),
          dnf_(files, processes),
          by_dnf_(files, dnf_, holds_, units, clock) {}

    Result<UpdateRules> read() override;
    Outcome write(const UpdateRules& managed) override;

  private:
    Result<Record<UpdateRules>*> here();  // nullptr: nobody goes by the rules

    PackageManagers packages_;
    UpdateHolds holds_;
    Apt apt_;
    AptUpdates by_apt_;
    Dnf dnf_;
    DnfUpdates by_dnf_;
};

}  // namespace steward::platform

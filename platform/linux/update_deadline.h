// The deadline of updates: notes when each update was first seen, keeps back what has to wait, has the package manager
// install what is due, and has logind plan the restart. Source: DDF Policy, Update/ConfigureDeadlineForQualityUpdates.
#pragma once

#include "platform/base/clock.h"
#include "platform/linux/files.h"
#include "platform/linux/logins.h"
#include "platform/linux/package_managers.h"
#include "platform/linux/update_holds.h"
#include "platform/power.h"
#include "platform/processes.h"
#include "platform/updates.h"

namespace steward::platform {

class LinuxUpdateDeadline final : public UpdateDeadline {
  public:
    // All of them must outlive this; none is used before the first call.
    LinuxUpdateDeadline(Files& files, Processes& processes, Record<UpdateRules>& rules, Power& power,
                        const Clock& clock)
        : files_(files),
          rules_(rules),
          power_(power),
          clock_(clock),
          packages_(files, processes),
          holds_(files, packages_, clock),
          logins_(files) {}

    Result<UpdateStanding> standing() override;
    Outcome hold() override;
    Result<std::vector<std::string>> enforce() override;

  private:
    Result<HoldRules> holds();
    Result<bool> is_due(const UpdateRules& rules, const HoldRules& holds, const UpdateNotes& notes) const;
    Result<std::optional<Instant>> restart_due(const UpdateRules& rules, const UpdateNotes& notes);
    Outcome install(std::vector<std::string>& done);
    // When the mode and the hours want it and nobody holds it up. nullopt: not now.
    Result<std::optional<Instant>> early_restart(const UpdateRules& rules);
    Outcome plan_restart(Instant due, std::vector<std::string>& done);

    Files& files_;
    Record<UpdateRules>& rules_;
    Power& power_;
    const Clock& clock_;
    PackageManagers packages_;
    UpdateHolds holds_;
    LinuxLogins logins_;
};

}  // namespace steward::platform

// The deadline of updates on Debian and Ubuntu: notes when each update was first seen, keeps back what has to wait, has
// unattended-upgrades install what is due, and has logind plan the restart. Source: DDF Policy,
// Update/ConfigureDeadlineForQualityUpdates.
#pragma once

#include "platform/base/clock.h"
#include "platform/linux/apt.h"
#include "platform/linux/files.h"
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
          processes_(processes),
          rules_(rules),
          power_(power),
          clock_(clock),
          apt_(files, processes),
          holds_(files, apt_, clock) {}

    Result<UpdateStanding> standing() override;
    Outcome hold() override;
    Result<std::vector<std::string>> enforce() override;

  private:
    Result<HoldRules> holds() const;
    Result<UpdateNotes> note();  // looks, keeps what it saw, and keeps back what has to wait
    Result<bool> is_due(const UpdateRules& rules, const HoldRules& holds, const UpdateNotes& notes) const;
    Result<std::optional<Instant>> restart_due(const UpdateRules& rules, const UpdateNotes& notes) const;
    Outcome install(std::vector<std::string>& done);
    Outcome plan_restart(Instant due, std::vector<std::string>& done);

    Files& files_;
    Processes& processes_;
    Record<UpdateRules>& rules_;
    Power& power_;
    const Clock& clock_;
    Apt apt_;
    UpdateHolds holds_;
};

}  // namespace steward::platform

// The deadline of updates on Debian and Ubuntu: notes when each update was first seen, has unattended-upgrades install
// what is due, and has logind plan the restart. Source: DDF Policy, Update/ConfigureDeadlineForQualityUpdates.
#pragma once

#include <map>

#include "platform/base/clock.h"
#include "platform/linux/apt.h"
#include "platform/linux/files.h"
#include "platform/power.h"
#include "platform/processes.h"
#include "platform/updates.h"

namespace steward::platform {

class LinuxUpdateDeadline final : public UpdateDeadline {
  public:
    // All of them must outlive this; none is used before the first call.
    LinuxUpdateDeadline(Files& files, Processes& processes, Record<UpdateRules>& rules, Power& power,
                        const Clock& clock)
        : files_(files), processes_(processes), rules_(rules), power_(power), clock_(clock), apt_(files, processes) {}

    Result<UpdateStanding> standing() override;
    Result<std::vector<std::string>> enforce() override;

  private:
    // What is remembered between two looks.
    struct Notes {
        std::map<std::string, Instant, std::less<>> seen;  // when each update that waits was first there
        std::optional<Instant> oldest_installed;           // when the first of those was that wait for a restart
        bool operator==(const Notes&) const = default;
    };
    Result<Notes> notes() const;
    Outcome keep(const Notes& notes);
    Result<Notes> look() const;  // the notes as they are now
    Result<std::optional<Instant>> restart_due(const UpdateRules& rules, const Notes& notes) const;
    Outcome install(std::vector<std::string>& done);
    Outcome plan_restart(Instant due, std::vector<std::string>& done);

    Files& files_;
    Processes& processes_;
    Record<UpdateRules>& rules_;
    Power& power_;
    const Clock& clock_;
    Apt apt_;
};

}  // namespace steward::platform

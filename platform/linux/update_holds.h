// Updates that wait for their day or for a yes. Pins of ours keep them back in apt itself, so that unattended-upgrades
// and people go by them alike; and apt calls us after each look for updates, so that nothing new is installed before it
// is judged. Source: apt_preferences(5), apt.conf(5); DDF Policy, Update/RequireUpdateApproval and
// DeferQualityUpdatesPeriodInDays; DDF Update, ApprovedUpdates.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "platform/linux/apt.h"
#include "platform/linux/drop_in.h"
#include "platform/linux/update_notes.h"
#include "platform/linux/update_plan.h"
#include "platform/update_table.h"

namespace steward::platform {

class UpdateHolds {
  public:
    UpdateHolds(Files& files, const Apt& apt, const Clock& clock) : files_(files), apt_(apt), clock_(clock) {}

    // Everything newer than what is installed, held back or not; why not in `reason`.
    Result<PackageUpdates> installable() const;

    // The notes as they are now, with these updates waiting; without them: apt is asked.
    Result<UpdateNotes> look(const PackageUpdates& waiting) const;
    Result<UpdateNotes> look() const;

    // From when on an update may be installed; nullopt: from when it is approved.
    static std::optional<Instant> offered(const HoldRules& rules, const UpdateTimes& approvals, std::string_view update,
                                          Instant seen);

    // The change that lets our pins say what these rules and notes come to.
    Result<Change> pins(const HoldRules& rules, const UpdateNotes& notes) const;

    // By the rules that are written down and the notes that are kept. Asks nobody what is new.
    Outcome settle();

    // Whether every update of the notes that has to wait does.
    Result<bool> in_force(const HoldRules& rules) const;

  private:
    Result<std::set<std::string, std::less<>>> pinned() const;
    bool waits(const HoldRules& rules, const UpdateTimes& approvals, std::string_view update, Instant seen) const;

    Files& files_;
    const Apt& apt_;
    const Clock& clock_;
};

// Table<Approval> in our own state; a yes is obeyed at once.
class LinuxApprovals final : public Table<Approval> {
  public:
    LinuxApprovals(Files& files, const Apt& apt, UpdateHolds& holds, const Clock& clock)
        : files_(files), apt_(apt), holds_(holds), clock_(clock) {}

    Result<std::vector<std::string>> names() override;
    Result<Approval> read(std::string_view key) override;
    Outcome write(std::string_view key, const Approval& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    Outcome settle();  // where apt is there to obey

    Files& files_;
    const Apt& apt_;
    UpdateHolds& holds_;
    const Clock& clock_;
};

}  // namespace steward::platform

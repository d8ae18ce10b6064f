// Updates that wait for their day or for a yes. The package manager itself keeps them back, so that what installs
// unattended and people go by it alike; and it calls us after each look for updates, so that nothing new is installed
// before it is judged. Source: DDF Policy, Update/RequireUpdateApproval and DeferQualityUpdatesPeriodInDays; DDF
// Update, ApprovedUpdates.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/linux/package_managers.h"
#include "platform/linux/update_notes.h"
#include "platform/update_table.h"

namespace steward::platform {

class UpdateHolds {
  public:
    UpdateHolds(Files& files, PackageManagers& packages, const Clock& clock)
        : files_(files), packages_(packages), clock_(clock) {}

    // Everything newer than what is installed, held back or not; why not in `reason`.
    Result<PackageUpdates> installable() const;

    // The notes as they are now, with these updates waiting; without them: the package manager is asked.
    Result<UpdateNotes> look(const PackageUpdates& waiting) const;
    Result<UpdateNotes> look() const;

    // Looks, keeps what it saw, and keeps back what has to wait.
    Result<UpdateNotes> note();

    // From when on an update may be installed; nullopt: from when it is approved.
    static std::optional<Instant> offered(const HoldRules& rules, const UpdateTimes& approvals, std::string_view update,
                                          Instant seen);

    // The change that has these rules obeyed. Before they are there everything that is there already waits, too.
    Result<Change> change_for(const UpdateRules& managed);

    // Keeps back what has to wait by the rules that are written down and the notes that are kept. Asks nobody what is
    // new.
    Outcome settle();

    // Takes out of these rules, as they were written, what nobody goes by.
    Outcome only_in_force(UpdateRules& rules);

  private:
    UpdateNames waiting(const HoldRules& rules, const UpdateTimes& approvals, const UpdateNotes& notes) const;
    Result<Change> change(const HoldRules& rules, const UpdateNotes& notes) const;

    Files& files_;
    PackageManagers& packages_;
    const Clock& clock_;
};

// Table<Approval> in our own state; a yes is obeyed at once.
class LinuxApprovals final : public Table<Approval> {
  public:
    LinuxApprovals(Files& files, PackageManagers& packages, UpdateHolds& holds, const Clock& clock)
        : files_(files), packages_(packages), holds_(holds), clock_(clock) {}

    Result<std::vector<std::string>> names() override;
    Result<Approval> read(std::string_view key) override;
    Outcome write(std::string_view key, const Approval& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    Outcome settle();  // where somebody is there to obey

    Files& files_;
    PackageManagers& packages_;
    UpdateHolds& holds_;
    const Clock& clock_;
};

}  // namespace steward::platform

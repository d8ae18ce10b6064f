// UpdateRules on Fedora and Red Hat: dnf-automatic installs, by its own configuration file and by the times of its and
// dnf's timers; the device is restarted by us. Source: dnf-automatic(8), dnf(8), systemd.timer(5).
#pragma once

#include "platform/base/clock.h"
#include "platform/linux/conf_file.h"
#include "platform/linux/dnf.h"
#include "platform/linux/files.h"
#include "platform/linux/units.h"
#include "platform/linux/update_holds.h"
#include "platform/updates.h"

namespace steward::platform {

class DnfUpdates final : public Record<UpdateRules> {
  public:
    DnfUpdates(Files& files, const Dnf& dnf, UpdateHolds& holds, Units& units, const Clock& clock)
        : files_(files), dnf_(dnf), holds_(holds), units_(units), clock_(clock) {}

    Result<UpdateRules> read() override;
    Outcome write(const UpdateRules& managed) override;

  private:
    Result<AtWork> at_work(const ConfFile& automatic) const;
    Outcome possible(const UpdateRules& managed) const;
    bool stands_still(std::string_view timer) const;  // by a condition of ours or of somebody else
    bool wanted(std::string_view timer) const;
    Result<std::vector<Change>> changes(const UpdateRules& managed);

    Files& files_;
    const Dnf& dnf_;
    UpdateHolds& holds_;
    Units& units_;
    const Clock& clock_;
};

}  // namespace steward::platform

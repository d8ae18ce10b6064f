// apt and dpkg as a PackageManager: updates that could be installed (asked of apt itself, from its lists as they are),
// those that were (apt's history), those that failed (packages that dpkg left half way), those that need a restart, and
// those that pins of ours keep back. Source: apt-get(8), apt_preferences(5), dpkg(1), /run/reboot-required.pkgs.
#pragma once

#include "platform/linux/apt.h"
#include "platform/linux/files.h"
#include "platform/linux/package_manager.h"
#include "platform/processes.h"

namespace steward::platform {

class AptPackages final : public PackageManager {
  public:
    AptPackages(const Files& files, Processes& processes)
        : files_(files), processes_(processes), apt_(files, processes) {}

    Result<bool> present() const override;
    Outcome fetch() override;

    Result<PackageUpdates> installable() override;
    Result<PackageUpdates> installed() override;
    Result<PackageUpdates> failed() override;
    Result<PackageUpdates> pending_restart() override;
    Result<std::optional<Instant>> restart_wanted() override;
    Result<std::optional<Instant>> last_fetched() override;
    Result<std::vector<std::string>> stale_services() override;

    Result<HoldRules> hold_rules() override;
    Result<UpdateNames> kept_back() override;
    Result<Change> keep_back(const UpdateNames& updates) override;

    Result<std::string> install() override;

  private:
    const Files& files_;
    Processes& processes_;
    Apt apt_;
};

}  // namespace steward::platform

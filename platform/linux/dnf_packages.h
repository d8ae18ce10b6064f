// dnf and rpm as a PackageManager. What is kept back stands among the packages that dnf.conf excludes. Source:
// dnf.conf(5), "excludepkgs".
#pragma once

#include <vector>

#include "platform/linux/dnf.h"
#include "platform/linux/files.h"
#include "platform/linux/package_manager.h"
#include "platform/processes.h"

namespace steward::platform {

class DnfPackages final : public PackageManager {
  public:
    DnfPackages(const Files& files, Processes& processes) : files_(files), dnf_(files, processes) {}

    Result<bool> present() const override { return dnf_.present(); }
    Outcome fetch() override { return dnf_.fetch(); }

    Result<PackageUpdates> installable() override;
    Result<PackageUpdates> installed() override;
    Result<PackageUpdates> failed() override;
    Result<PackageUpdates> pending_restart() override;
    Result<std::optional<Instant>> restart_wanted() override;
    Result<std::optional<Instant>> last_fetched() override;
    Result<std::vector<std::string>> stale_services() override { return dnf_.stale_services(); }

    Result<HoldRules> hold_rules() override;
    Result<UpdateNames> kept_back() override;
    Result<Change> keep_back(const UpdateNames& updates) override;

    Result<std::string> install() override;

  private:
    Result<std::vector<Dnf::Package>> wanting_restart();

    const Files& files_;
    Dnf dnf_;
};

}  // namespace steward::platform

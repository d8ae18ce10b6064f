// Which package manager this device has.
#pragma once

#include "platform/linux/apt_packages.h"
#include "platform/linux/dnf_packages.h"
#include "platform/linux/files.h"
#include "platform/linux/package_manager.h"
#include "platform/processes.h"

namespace steward::platform {

class PackageManagers {
  public:
    PackageManagers(const Files& files, Processes& processes) : apt_(files, processes), dnf_(files, processes) {}

    Result<PackageManager*> here();    // nullptr: none that we know
    Result<PackageManager*> needed();  // Fault::not_found: none that we know
    bool is_dnf(const PackageManager* manager) const { return manager == &dnf_; }

  private:
    AptPackages apt_;
    DnfPackages dnf_;
};

// Where the lists of updates come from, and when they were last fetched.
class LinuxUpdateFacts final : public Record<UpdateFacts> {
  public:
    explicit LinuxUpdateFacts(PackageManagers& packages) : packages_(packages) {}
    Result<UpdateFacts> read() override;
    Outcome write(const UpdateFacts& managed) override;

  private:
    PackageManagers& packages_;
};

}  // namespace steward::platform

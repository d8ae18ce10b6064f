// Services that run what an update has replaced, as needrestart or dnf tells them. Whoever looks has to see the memory
// of every process, which the service may not: a unit of its own does, and leaves what it found in a file.
#pragma once

#include <string>

#include "platform/linux/files.h"
#include "platform/linux/package_managers.h"
#include "platform/processes.h"
#include "platform/updates.h"

namespace steward::platform {

class LinuxStaleServices final : public StaleServices {
  public:
    // system: there is a systemd that can be asked to look.
    LinuxStaleServices(Files& files, Processes& processes, PackageManagers& packages, bool system)
        : files_(files), processes_(processes), packages_(packages), system_(system) {}

    Result<Rows<StaleService>> all() override;
    Outcome look() override;  // that nobody can tell is kept, too

  private:
    Files& files_;
    Processes& processes_;
    PackageManagers& packages_;
    bool system_;
};

}  // namespace steward::platform

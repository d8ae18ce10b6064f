// What dnf 4 and rpm say about this device. Nothing is fetched but by fetch(), nothing is changed but by install().
// Source: dnf(8), "repoquery" and "needs-restarting"; rpm(8).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/clock.h"
#include "platform/linux/files.h"
#include "platform/processes.h"

namespace steward::platform {

class Dnf {
  public:
    Dnf(const Files& files, Processes& processes) : files_(files), processes_(processes) {}

    Result<bool> present() const;              // whether this device has dnf 4
    Result<bool> installs_unattended() const;  // whether dnf-automatic is there

    Outcome fetch() const;  // the lists of packages, where they are out of date

    struct Package {
        std::string name, version;  // version as "epoch:version-release", without an epoch of 0
        std::optional<Instant> installed;
    };
    // Newer than what is installed, those too that dnf.conf keeps back.
    struct Upgrades {
        bool only_latest = false;    // of each package
        bool only_security = false;  // those that mend a hole
    };
    Result<std::vector<Package>> upgrades(const Upgrades& which) const;
    Result<std::vector<Package>> packages() const;  // every package that rpm knows
    Result<std::vector<Package>> twice() const;     // those that an update left there in two versions

    // Packages that are in use in a version from before the last start of the device.
    Result<std::vector<std::string>> wanting_restart() const;

    // Services that are, by unit.
    Result<std::vector<std::string>> stale_services() const;

    Outcome install() const;  // what dnf-automatic may install, now

  private:
    Result<Ended> needs_restarting(const char* what) const;
    Result<Ended> run(std::vector<std::string> arguments,
                      std::chrono::milliseconds deadline = std::chrono::minutes(1)) const;
    Result<std::vector<Package>> query(std::vector<std::string> arguments) const;

    const Files& files_;
    Processes& processes_;
};

}  // namespace steward::platform

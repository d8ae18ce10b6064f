// What apt says about itself: its configuration in force, and the updates that it would install.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "platform/linux/files.h"
#include "platform/processes.h"

namespace steward::platform {

class Apt {
  public:
    Apt(const Files& files, Processes& processes) : files_(files), processes_(processes) {}

    Result<bool> present() const;              // whether this device has apt at all
    Result<bool> installs_unattended() const;  // whether unattended-upgrades is there

    // Every option in force: the last value of a single one, all of a list ("A::B::" is the list "A::B").
    using Options = std::map<std::string, std::vector<std::string>, std::less<>>;
    Result<Options> options() const;

    struct Upgrade {
        std::string name, from, to, origin;  // origin as apt names it: "Debian-Security:12/stable-security"
        int priority = 0;                    // of newer() only; source: apt_preferences(5)
    };
    // From the lists as they are; nothing is fetched and nothing is locked.
    Result<std::vector<Upgrade>> upgrades() const;

    // Of these packages every version that is newer than what is installed, whatever the pins say.
    Result<std::vector<Upgrade>> newer(const std::vector<std::string>& names) const;

    struct Package {
        std::string name, version, status;  // "install ok installed", as dpkg-query(1) says it
    };
    Result<std::vector<Package>> packages() const;  // every package that dpkg knows

  private:
    Result<std::string> ask(std::vector<std::string> arguments) const;

    const Files& files_;
    Processes& processes_;
};

std::string last_of(const Apt::Options& options, std::string_view name, std::string_view otherwise);

}  // namespace steward::platform

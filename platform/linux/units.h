// Telling systemd that unit files changed. What it has read is asked of it, so a change that was cut short before it
// was told is made good by the next one.
#pragma once

#include <string>
#include <vector>

#include "platform/linux/files.h"
#include "platform/processes.h"

namespace steward::platform {

// A timer or a service, and the file of ours that makes it or changes it.
struct UnitFile {
    std::string unit, file;
    bool ours =
        false;  // a timer that runs because of us, although the system has it: to be started while it has the file
};

class Units {
  public:
    // With a root other than "/", or where no systemd runs, there is nobody to be told.
    Units(const Files& files, Processes& processes, bool tell) : files_(files), processes_(processes), tell_(tell) {}

    // Has the timers run by the files as they are: those that nothing wants stand still. Services are not started.
    Outcome refresh(const std::vector<UnitFile>& units);

  private:
    Result<std::string> run(std::vector<std::string> arguments);

    const Files& files_;
    Processes& processes_;
    bool tell_;
};

}  // namespace steward::platform

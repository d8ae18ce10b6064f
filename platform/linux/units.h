// Telling systemd that unit files changed. It knows by itself which of them it has read, so a change that was cut short
// before it was told is made good by the next one.
#pragma once

#include <string>
#include <vector>

#include "platform/linux/files.h"
#include "platform/processes.h"

namespace steward::platform {

class Units {
  public:
    Units(const Files& files, Processes& processes) : files_(files), processes_(processes) {}

    // Has these timers run by the files as they are. Nothing to do in a private root, or where no systemd runs.
    Outcome refresh(const std::vector<std::string>& timers);

  private:
    Result<std::string> run(std::vector<std::string> arguments);

    const Files& files_;
    Processes& processes_;
};

}  // namespace steward::platform

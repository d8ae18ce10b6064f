// Processes by posix_spawn(3), each in a process group of its own.
#pragma once

#include "platform/processes.h"

namespace steward::platform {

class LinuxProcesses final : public Processes {
  public:
    Result<Ended> run(const Command& command) override;
};

}  // namespace steward::platform

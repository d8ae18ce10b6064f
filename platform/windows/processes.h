// Processes by CreateProcess, each in a job of its own.
#pragma once

#include "platform/processes.h"

namespace steward::platform {

class WindowsProcesses final : public Processes {
  public:
    // The words become one command line as CommandLineToArgvW takes it apart again; a batch file, whose own language
    // they would be read in, is refused.
    Result<Ended> run(const Command& command) override;
};

std::string system_directory();  // "C:\\Windows\\System32", where programs of the system are

std::wstring command_line(const std::vector<std::string>& words);

}  // namespace steward::platform

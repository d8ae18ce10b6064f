// Other programs of the operating system, started with an argument vector and never through a shell. The seam that
// tests put a script behind.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "platform/base/result.h"

namespace steward::platform {

struct Command {
    std::vector<std::string> arguments;  // the first is the program's absolute path; never a secret
    std::string input;                   // what it reads; secrets go here
    std::vector<std::pair<std::string, std::string>> environment;  // beside PATH and LC_ALL, nothing of ours is passed
    std::chrono::milliseconds deadline{60'000};                    // then it and its children are killed
    std::size_t limit = 1 << 20;                                   // bytes kept of what it says
};

struct Ended {
    int code = 0;        // its exit code; 128 + N when signal N ended it
    std::string output;  // what it wrote to standard output
    std::string errors;  // and to standard error
};

struct Processes {
    virtual ~Processes() = default;
    // Fault::not_found: there is no such program; Fault::timeout: it was killed; Fault::io: it could not be started.
    // What it ended with is for the caller to judge.
    virtual Result<Ended> run(const Command& command) = 0;
};

}  // namespace steward::platform

// Files and directories that nobody but their owner may look into, and the lock that keeps two programs apart.
#pragma once

#include <memory>
#include <string>

#include "platform/base/result.h"

namespace steward::platform {

// An empty one, where there is none; the evidence of an error is what the system said. Faults: full, io.
Outcome make_private_file(const std::string& path);

// With whatever is missing above it. Fault denied: it can't be made or used; the evidence is what the system said.
Outcome make_private_directory(const std::string& path);

struct FileLock {
    virtual ~FileLock() = default;  // gives it back, as does the end of the process
    // Whether who held it before may have been cut off: he was killed, or the system has started anew since.
    virtual bool left_behind() const = 0;
};
// Faults: busy when somebody holds it, denied.
Result<std::unique_ptr<FileLock>> lock_file(const std::string& path);

}  // namespace steward::platform

// The test server put together: options in, exit code out.
#pragma once

#include <atomic>
#include <iosfwd>

#include "tests/server/options.h"

namespace steward::server {

enum ExitCode { exit_passed = 0, exit_failed = 1, exit_usage = 2, exit_cannot_start = 3 };

// Serves until options.once sessions are over or stop becomes true. `wake` receives a descriptor: a byte written to it
// makes the server look at stop at once (from a signal handler, for example).
int serve(const Options& options, std::ostream& out, std::ostream& errors, const std::atomic<bool>& stop,
          std::atomic<int>& wake);

}  // namespace steward::server

// What a process gives up for good before it meets a network. Source: seccomp(2), prctl(2).
#pragma once

#include "platform/base/result.h"

namespace steward::platform {

// From now on neither this process nor any thread of it can become, or start, another program. Before other threads.
Outcome give_up_programs();

}  // namespace steward::platform

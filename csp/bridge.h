// CSPs that are the operating system's own: what no CSP of this build declares is served by its bridge.
#pragma once

#include <vector>

#include "csp/csp.h"

namespace steward::platform {
struct Bridge;
}

namespace steward::csp {

// Adds a CSP for each node of the bridge that none of `csps` declares. The bridge lives longer than they do.
Outcome add_bridged(std::vector<Csp>& csps, platform::Bridge& bridge);

}  // namespace steward::csp

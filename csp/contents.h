// Every CSP that this build has, in the order of csp/CMakeLists.txt.
#pragma once

#include <vector>

#include "csp/csp.h"

namespace steward::platform {
struct Host;
}

namespace steward::csp {

std::vector<Csp> contents(platform::Host& host);

}  // namespace steward::csp

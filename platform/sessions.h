// Who is at the device now. Source of the LoginStatus alert (MS-MDM: user, others, none).
#pragma once

#include <string>
#include <vector>

#include "platform/shapes.h"

namespace steward::platform {

// Read only: write() is refused.
struct Logins {
    std::vector<std::string> users;  // with an open session, each once, sorted; greeters and services don't count
};

}  // namespace steward::platform

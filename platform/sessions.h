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

struct Screens {
    virtual ~Screens() = default;
    // Locks every session and succeeds once each of those with a screen says that it is locked. A text login has
    // nothing to be locked with and counts as one that could not be: Fault::unsupported names them.
    virtual Outcome lock_all() = 0;
};

}  // namespace steward::platform

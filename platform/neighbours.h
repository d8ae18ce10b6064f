// Others that manage this device beside us, and what they have set: on Windows its own management, for another server.
#pragma once

#include <string>
#include <vector>

#include "platform/base/result.h"

namespace steward::platform {

struct Neighbour {
    std::string name;                   // as it calls itself: "MS DM Server"
    std::string server;                 // its address; empty: not told
    std::string person;                 // whose enrolment it is; empty: nobody's
    std::string kind;                   // how it was enrolled, as the system numbers it; empty: not told
    std::vector<std::string> policies;  // that it has set on this device, sorted: "DeviceLock/MinDevicePasswordLength"
};

struct Neighbours {
    std::string tenant;  // the directory that the device has joined; empty: none
    std::vector<Neighbour> all;
};

// Systems that have one management only, or none, have no neighbours.
Result<Neighbours> neighbours(const std::string& root);

}  // namespace steward::platform

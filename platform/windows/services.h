// Services as the service control manager keeps them. Source: Service Functions (Win32).
#pragma once

#include <string>
#include <vector>

#include "platform/base/result.h"

namespace steward::platform {

struct ServiceSpec {
    std::string name;   // "Steward"
    std::string title;  // in lists for people
    std::string about;
    std::vector<std::string> command;  // the program's full path first
};

// Starts by itself with the system, as LocalSystem, and again a while after it failed; an older one of that name
// becomes this one. With a source of that name in the event log, whose messages are in the program. Faults: denied, io.
Outcome install_service(const ServiceSpec& spec);

// Stopped first; what is not there is uninstalled already.
Outcome uninstall_service(const std::string& name);

Outcome start_service(const std::string& name);  // Fault not_found: there is none

std::string own_program();  // the full path of what runs now

}  // namespace steward::platform

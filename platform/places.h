// Where Steward keeps what is its own on this system. The root is "/" for the machine itself.
#pragma once

#include <string>

namespace steward::platform {

std::string state_directory(const std::string& root);
// For listen_at() and connect_to(); a private root has a service of its own.
std::string control_place(const std::string& root);

}  // namespace steward::platform

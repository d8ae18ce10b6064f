#include "platform/places.h"

#include <filesystem>

namespace steward::platform {

std::string state_directory(const std::string& root) {
    return (std::filesystem::path(root) / "var/lib/steward").string();
}

std::string control_place(const std::string& root) {
    return (std::filesystem::path(root) / "run/steward/control").string();
}

}  // namespace steward::platform

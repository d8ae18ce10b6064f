#include "platform/proxy.h"

namespace steward::platform {

// The environment of the service says it.
std::optional<std::string> system_proxy(const std::string&) {
    return std::nullopt;
}

}  // namespace steward::platform

// The proxy that this system is set to for everybody on it.
#pragma once

#include <optional>
#include <string>

namespace steward::platform {

// For an address: "http://host:port", empty: none is to be used. nullopt: the system says nothing, or says it in the
// environment, where libraries look themselves.
std::optional<std::string> system_proxy(const std::string& url);

}  // namespace steward::platform

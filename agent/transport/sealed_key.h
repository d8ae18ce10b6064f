// The private key of an account as its file keeps it.
#pragma once

#include <optional>
#include <string>

namespace steward::transport {

// PEM, if this file holds one that the system has sealed; empty where it can't be unsealed. nullopt: TLS libraries read
// the file themselves.
std::optional<std::string> sealed_key(const std::string& file);

}  // namespace steward::transport

// Asks a device for a session: through its push channel, or by package 0 over UDP. Source: protocol sheet 7.1 and 7.4.
#pragma once

#include <string>

#include "platform/base/result.h"
#include "tests/server/registry.h"

namespace steward::server {

// POSTs a tiny body to a channel URL (https, or http on this machine). ca_file: PEM that the channel's server is
// checked by; empty: the system's store. The result is the HTTP status; an Error where no answer came.
Result<int> push_to(const std::string& channel, const std::string& ca_file);

// Sends package 0 made with the device's server credentials. where: "host:port".
Outcome send_package0(const Device& device, const std::string& where, std::uint16_t session_id);

}  // namespace steward::server

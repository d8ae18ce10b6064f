// A Unix socket as the endpoint. Source: unix(7), SO_PEERCRED.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "platform/endpoint.h"

namespace steward::platform {

// Everybody may connect; what a visitor may do is decided by who he is. Replaces the socket of a service that died;
// Fault busy when one answers there, denied, io.
Result<std::unique_ptr<Endpoint>> listen_at(const std::string& path, std::chrono::seconds patience);

// The socket that systemd listens on for us and handed over; nullopt: it did not. Source: sd_listen_fds(3).
Result<std::optional<std::unique_ptr<Endpoint>>> inherited_endpoint(std::chrono::seconds patience);

// Fault not_found when no service listens there. patience: how long one read may wait; 0: for ever.
Result<std::unique_ptr<Connection>> connect_to(const std::string& path, std::chrono::seconds patience);

}  // namespace steward::platform

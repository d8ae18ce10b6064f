// A Unix socket as the endpoint. Source: unix(7), SO_PEERCRED.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "platform/endpoint.h"

namespace steward::platform {

// The socket that systemd listens on for us and handed over; nullopt: it did not. Source: sd_listen_fds(3).
Result<std::optional<std::unique_ptr<Endpoint>>> inherited_endpoint(std::chrono::seconds patience);

// Over a stream socket that is connected, and closed with the connection.
std::unique_ptr<Connection> connection_over(int socket, std::chrono::seconds patience);

}  // namespace steward::platform

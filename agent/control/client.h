// Asks the running service.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/control/request.h"
#include "platform/endpoint.h"

namespace steward::control {

// Sends the words and hands every line of the answer on as it comes; returns the exit code of the service.
// Fault interrupted when the service ended before its answer did.
Result<int> ask(platform::Connection& service, const std::vector<std::string>& words,
                const std::function<void(const Line&)>& heard);

}  // namespace steward::control

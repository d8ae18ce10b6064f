// Secrets at rest, sealed by the system for this machine where it offers that. Elsewhere they stay what they are, in
// files that only their owner may read.
#pragma once

#include <string>
#include <string_view>

#include "platform/base/result.h"

namespace steward::platform {

Result<std::string> seal(std::string_view secret);  // text

// What was never sealed comes back as it is. Fault io: it was sealed on another machine, or is damaged.
Result<std::string> unseal(std::string_view text);
bool sealed(std::string_view text);

}  // namespace steward::platform

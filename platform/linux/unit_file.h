// What systemd makes of a unit file and its drop-ins, for keys that can be given several times. Source:
// systemd.unit(5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/linux/files.h"

namespace steward::platform {

// All values of the key in force, in order; an empty one takes back those before it. Fault::not_found: no such unit.
Result<std::vector<std::string>> unit_values(const Files& files, std::string_view unit, std::string_view section,
                                             std::string_view key);

}  // namespace steward::platform

// What systemd makes of a unit file and its drop-ins, for keys that can be given several times. Source:
// systemd.unit(5).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/linux/files.h"

namespace steward::platform {

// The files that systemd reads for a configuration of this name, in the order in which later ones win: the main one of
// the first directory that has it, then the drop-ins of all of them by name, an earlier directory hiding the same name
// in later ones. Directories end in a slash.
Result<std::vector<std::string>> systemd_files(const Files& files, std::span<const std::string_view> directories,
                                               std::string_view name);

// All values of the key in force, in order; an empty one takes back those before it. Fault::not_found: no such unit.
Result<std::vector<std::string>> unit_values(const Files& files, std::string_view unit, std::string_view section,
                                             std::string_view key);

}  // namespace steward::platform

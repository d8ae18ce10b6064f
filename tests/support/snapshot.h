// Everything below a directory, to compare before and after: kind, mode, content or link target of each entry.
#pragma once

#include <map>
#include <string>

namespace steward::test {

using Snapshot = std::map<std::string, std::string>;  // relative path to a description

Snapshot snapshot_of(const std::string& directory);
Snapshot change_times_of(const std::string& directory);  // when each entry was last touched in any way

}  // namespace steward::test

// Validation before any CSP code runs: does this value fit this node?
#pragma once

#include "agent/tree/mount.h"
#include "agent/tree/operation.h"
#include "platform/base/result.h"

namespace steward::tree {

// The canonical text of the operation's data for a leaf. Faults: format (415) when Meta Format or Type does not fit,
// incomplete (412) without data, invalid (500) when the value is not acceptable.
Result<std::string> check_value(const Place& place, const Operation& operation);

}  // namespace steward::tree

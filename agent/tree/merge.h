// What several authorities' rows come to. Source: ConflictResolution of Microsoft's DDF v2.
#pragma once

#include <string_view>

#include "agent/store/policies.h"
#include "csp/node.h"

namespace steward::tree {

// The row that wins by the node's conflict rule; nullptr for no rows. Values that are no numbers, and equal ones, are
// decided by the later write.
const store::Row* effective(const csp::Node& node, const store::Rows* rows);

// Is the first value at least as secure as the second by the node's conflict rule? False where the rule knows no order.
bool at_least_as_secure(const csp::Node& node, std::string_view value, std::string_view than);

}  // namespace steward::tree

// What several authorities' rows come to. Source: ConflictResolution of Microsoft's DDF v2.
#pragma once

#include "agent/store/policies.h"
#include "csp/node.h"

namespace steward::tree {

// The row that wins by the node's conflict rule; nullptr for no rows. Values that are no numbers, and equal ones, are
// decided by the later write.
const store::Row* effective(const csp::Node& node, const store::Rows* rows);

}  // namespace steward::tree

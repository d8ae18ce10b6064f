// The declared tree as a page for people, in Markdown: what each node is for, what it takes, and what happens where
// servers disagree. There is no other handbook, so that none can be out of date.
#pragma once

#include <string>
#include <string_view>

#include "agent/tree/mount.h"
#include "platform/base/result.h"

namespace steward::tree {

// The node at this URI and everything below it; "." for all.
Result<std::string> handbook(const Mount& mount, std::string_view uri);

}  // namespace steward::tree

// The declared tree as a DDF document. Source: OMA DM TND 1.2 DDF, Microsoft DDF v2 extensions; protocol sheet 6.
#pragma once

#include <string>
#include <string_view>

#include "agent/tree/mount.h"
#include "platform/base/result.h"

namespace steward::tree {

// The node at this URI and everything below it; "." for all. Indented for people, valid for tools.
Result<std::string> ddf(const Mount& mount, std::string_view uri);

}  // namespace steward::tree

// A configuration file that is ours as a whole, in a drop-in directory. Its first lines say so, and how many
// directories were made for it, so that they go with it even when nothing else is left of us.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/linux/files.h"

namespace steward::platform {

// comment: what begins one in this kind of file. The change that gives the drop-in this body; an empty body takes it
// away, with the directories that were made for it.
Result<Change> drop_in(const Files& files, std::string path, std::string_view body, std::string_view comment = "#");

}  // namespace steward::platform

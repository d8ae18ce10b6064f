// The texts that the maker of a board leaves in SMBIOS.
#pragma once

#include <string_view>

namespace steward::platform {

// Whether this is what makers leave there when they have nothing to say: "To Be Filled By O.E.M.".
bool says_nothing(std::string_view board_text);

}  // namespace steward::platform

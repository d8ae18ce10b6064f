// How a program of this system begins.
#pragma once

#include <string>
#include <vector>

namespace steward::platform {

// The words after its name in UTF-8, given what main() got. From here on its standard streams carry bytes as they are.
std::vector<std::string> begin_program(int count, char** words);

}  // namespace steward::platform

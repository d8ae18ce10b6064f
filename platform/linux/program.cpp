#include "platform/program.h"

namespace steward::platform {

std::vector<std::string> begin_program(int count, char** words) {
    return {words + 1, words + count};
}

}  // namespace steward::platform

#include "tests/contracts/file_keys.h"

namespace steward::platform {

std::unique_ptr<Keystore> file_keys(const std::string& directory) {
    return keystore_in(directory, "software");
}

}  // namespace steward::platform

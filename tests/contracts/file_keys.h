// The key store of this system that keeps its keys as files, whatever else it could keep them in.
#pragma once

#include <memory>
#include <string>

#include "platform/keystore.h"

namespace steward::platform {

std::unique_ptr<Keystore> file_keys(const std::string& directory);

}  // namespace steward::platform

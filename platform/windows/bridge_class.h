// Which node a class of Windows' bridge stands for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace steward::platform {

// Below ./Vendor/MSFT: "Policy/Config/Camera" for "MDM_Policy_Config01_Camera02". nullopt: it is a user's, or one of
// several instances, or its name leaves out nodes on the way to it and it is not known which.
std::optional<std::string> node_of_class(std::string_view name);

}  // namespace steward::platform

// The wireless networks of Windows: the WLAN service's own calls, as plain values. The seam that tests put a script
// behind. Source: wlanapi.h; what a network costs: wcmapi.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/base/result.h"

namespace steward::platform {

// Interfaces go by their GUIDs, networks by the names of their profiles; profiles are those of all users.
struct WlanCalls {
    virtual ~WlanCalls() = default;
    // Fault unsupported: this Windows has no WLAN service.
    virtual Result<std::vector<std::string>> interfaces() = 0;
    virtual Result<std::vector<std::string>> profiles(const std::string& adapter) = 0;
    enum class Key { sealed, told };  // as Windows keeps it, or in clear
    virtual Result<std::optional<std::string>> profile(const std::string& adapter, const std::string& name,
                                                       Key key) = 0;
    // Over one of the same name. Fault invalid with the reason that Windows gives.
    virtual Outcome set(const std::string& adapter, const std::string& document) = 0;
    virtual Outcome erase(const std::string& adapter, const std::string& name) = 0;  // what is not there is erased
    virtual Result<std::optional<int>> cost(const std::string& adapter, const std::string& name) = 0;
    virtual Outcome set_cost(const std::string& adapter, const std::string& name, int cost) = 0;  // 1, 2, 4; 0: default
};

WlanCalls& wlan_calls();

}  // namespace steward::platform

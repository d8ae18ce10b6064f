#include "platform/windows/wireless_rules.h"

#include <string>
#include <vector>

namespace steward::platform {
namespace {

// Source: NetworkConnections.admx, NC_ShowSharedAccessUI.
const std::string policy = R"(SOFTWARE\Policies\Microsoft\Windows\Network Connections)";
const std::string sharing_value = "NC_ShowSharedAccessUI";

}  // namespace

Result<WirelessRules> WindowsWirelessRules::read() {
    auto value = registry_.find(policy, sharing_value);
    if (!value) return std::move(value).error();
    WirelessRules rules;
    rules.sharing = !*value || number_in(**value) != 0U;
    return rules;
}

Outcome WindowsWirelessRules::write(const WirelessRules& managed) {
    if (managed.allowed) {
        return Error{Fault::unsupported, "Only Windows' own management may switch Wi-Fi off and forbid it.", {}};
    }
    std::vector<Setting> values;
    if (managed.sharing) values.push_back({policy, sharing_value, dword(*managed.sharing ? 1 : 0)});
    return originals_.manage(values);
}

}  // namespace steward::platform

// Which proxy Windows is set to: what WinHTTP says, and what of it is meant for one address.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace steward::platform {

struct ProxySettings {
    std::string script;   // address of a script that decides (PAC); empty: none
    std::string proxies;  // "proxy:8080", "http=a:80;https=b:443"; empty: none
    std::string bypass;   // "*.corp.example;<local>"
    bool detect = false;  // ask the network for a script (WPAD)
};

// The seam: WinHTTP. nullopt: nothing is set, or it can't be told.
struct ProxyCalls {
    virtual ~ProxyCalls() = default;
    virtual std::optional<ProxySettings> of_machine() = 0;  // netsh winhttp set proxy
    virtual std::optional<ProxySettings> of_account() = 0;  // of whoever runs this: for the service, the system's
    virtual std::optional<ProxySettings> by_script(const std::string& url, const std::string& script) = 0;  // else WPAD
};
ProxyCalls& proxy_calls();

// The first that says anything: the machine, then the script of the account, then its proxies. WPAD asks whoever
// answers in the network, and costs seconds where nobody does: only if the account is set to it and `may_detect`.
std::optional<std::string> proxy_for(const std::string& url, ProxyCalls& calls, bool may_detect);

}  // namespace steward::platform

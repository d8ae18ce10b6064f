#include "agent/app/circumstances.h"

#include "platform/base/digest.h"

namespace steward::app {

double spread_of(const std::string& device, const std::string& account) {
    const std::string hash = sha256(device + "\n" + account);
    const auto byte = [&](std::size_t i) { return static_cast<double>(static_cast<unsigned char>(hash[i])); };
    return (byte(0) * 256.0 + byte(1)) / 65536.0;
}

bool power_is_short(Agent& agent) {
    const auto battery = agent.host().battery.read();
    if (!battery || !battery->flags) return false;
    const int flags = *battery->flags;
    return (flags & (platform::battery_low | platform::battery_critical)) != 0 &&
           (flags & platform::battery_charging) == 0;
}

bool money_is_short(Agent& agent) {
    const auto uplink = agent.host().uplink.read();
    return uplink && uplink->metered.value_or(false);
}

std::set<std::string> users_of(Agent& agent) {
    const auto logins = agent.host().logins.read();
    return logins ? std::set<std::string>(logins->users.begin(), logins->users.end()) : std::set<std::string>();
}

}  // namespace steward::app

// WiFi CSP: the wireless networks that this device is told to know. Source: DDF WiFi.
#include <utility>

#include "csp/csp.h"
#include "platform/host.h"

namespace steward::csp {
namespace {

using platform::WifiNetwork;

Field<WifiNetwork> profile() {
    Field<WifiNetwork> made;
    made.path = "WlanXml";
    made.node.about = "The network as a WLANProfile document; read back as the device has it, without its key.";
    made.node.format = Format::chr;
    made.node.access = setting_access;
    made.node.occurrence = Occurrence::zero_or_one;
    made.get = [](const WifiNetwork& network) -> std::optional<std::string> {
        if (!network.profile) return std::nullopt;
        return platform::wlan_profile_text(*network.profile);
    };
    made.set = [](WifiNetwork& network, const std::optional<std::string>& text) -> Outcome {
        network.profile.reset();
        if (!text) return {};
        auto parsed = platform::parse_wlan_profile(*text);
        if (!parsed) return std::move(parsed).error();
        network.profile = std::move(*parsed);
        return {};
    };
    return std::move(made)
        .checked("a WLANProfile document", platform::is_wlan_profile)
        .secret_in_part()
        .reads_as(platform::without_wlan_key);
}

}  // namespace

Csp wifi(platform::Host& host) {
    return Csp("./Device/Vendor/MSFT/WiFi", "Wireless networks.")
        .table<WifiNetwork>(
            host.wifi, "Profile/{SSID}",
            {
                profile(),
                field("ProxyPacUrl", &WifiNetwork::pac_url, "Where the proxy of this network is described (PAC)."),
                field("ProxyWPAD", &WifiNetwork::discover_proxy,
                      "Whether the proxy of this network finds itself (WPAD)."),
                field("WiFiCost", &WifiNetwork::cost, "What traffic in this network costs.")
                    .one_of({{"1", "nothing"}, {"2", "fixed, up to a limit"}, {"3", "by the byte"}})
                    .otherwise(1)
                    .reads_as([](std::string cost) { return cost == "3" ? std::string("2") : cost; }),
            });
}

}  // namespace steward::csp

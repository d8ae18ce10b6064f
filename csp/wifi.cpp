// WiFi CSP: the wireless networks that this device is told to know. Source: DDF WiFi.
#include "csp/csp.h"
#include "platform/host.h"

namespace steward::csp {

using platform::WifiNetwork;

Csp wifi(platform::Host& host) {
    return Csp("./Device/Vendor/MSFT/WiFi", "Wireless networks.")
        .table<WifiNetwork>(
            host.wifi, "Profile/{SSID}",
            {
                field("WlanXml", &WifiNetwork::profile,
                      "The network as a WLANProfile document; read back as the device has it, without its key.",
                      platform::wlan_profile_text, platform::parse_wlan_profile)
                    .checked("a WLANProfile document", platform::is_wlan_profile)
                    .secret_in_part()
                    .reads_as(platform::without_wlan_key),
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

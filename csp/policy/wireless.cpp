// Policy/Wifi: what wireless networks may be used for. Source: DDF Policy, area Wifi.
#include "csp/csp.h"
#include "platform/host.h"

namespace steward::csp {

using platform::WirelessRules;

Csp wireless(platform::Host& host) {
    return policy_area("Wifi", "What wireless networks may be used for.")
        .record<WirelessRules>(host.wireless,
                               {
                                   field("AllowWiFi", &WirelessRules::allowed, "Whether Wi-Fi may be used at all.")
                                       .spelled("1", "0")
                                       .one_of({{"0", "it is off"}, {"1", "it may be used"}})
                                       .otherwise(1)
                                       .most_secure(Merge::lowest),
                                   field("AllowInternetSharing", &WirelessRules::sharing,
                                         "Whether people may let others into the internet through this device.")
                                       .spelled("1", "0")
                                       .one_of({{"0", "they may not"}, {"1", "they may"}})
                                       .otherwise(1)
                                       .most_secure(Merge::lowest),
                               });
}

}  // namespace steward::csp

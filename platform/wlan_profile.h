// What a WLAN profile document says, as plain facts. The document (WLANProfile v1 with its v2 to v4 elements) is the
// format of the value itself, whatever protocol brings it: docs/decisions/012. Source: WLAN_profile schema, OneX
// schema, EAPHost schemas.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace steward::platform {

// How a device and an authentication server prove themselves to each other (802.1X). The server is always checked: by
// an authority that the profile pins and by its name.
struct EapSettings {
    enum class Method : std::uint8_t { tls, peap, ttls };
    enum class Inner : std::uint8_t { none, tls, mschapv2, pap, chap, mschap, eap_mschapv2 };

    Method method = Method::tls;
    Inner inner = Inner::none;              // of peap (tls, mschapv2) and ttls
    std::string anonymous_identity;         // shown outside the tunnel; empty: the real one
    std::vector<std::string> server_names;  // "radius.example.com"; ".example.com" is any name below; all of one kind
    std::vector<std::string> authorities;   // SHA-1 thumbprints, upper case, at least one
    bool operator==(const EapSettings&) const = default;
};

struct WlanProfile {
    enum class Security : std::uint8_t {
        open,
        owe,                  // encrypted without a password
        wpa2_personal,        // WPA2PSK
        wpa3_transition,      // WPA3SAE where the access point can, else WPA2PSK
        wpa3_personal,        // WPA3SAE
        wpa2_enterprise,      // WPA2 with 802.1X
        wpa3_enterprise,      // WPA3ENT
        wpa3_enterprise_192,  // WPA3ENT192
    };
    enum class MacAddress : std::uint8_t { hardware, one_per_network, always_new };

    std::string name;  // 1 to 255 characters
    std::string ssid;  // 1 to 32 octets
    bool hidden = false;
    bool automatic = true;  // connects whenever it is in reach
    Security security = Security::open;
    std::string key;                        // a secret: pass phrase of 8 to 63, or 64 hexadecimal digits
    std::optional<MacAddress> mac_address;  // nullopt: as the system does it
    std::optional<EapSettings> eap;         // of the enterprise kinds, always
    bool operator==(const WlanProfile&) const = default;

    bool personal() const {
        return security == Security::wpa2_personal || security == Security::wpa3_transition ||
               security == Security::wpa3_personal;
    }
};

inline constexpr std::size_t longest_wlan_profile = 64u << 10;

// Faults: malformed (no such document), invalid (contradicts itself or the schema), unsupported (WEP, TKIP, ad hoc,
// protected keys, servers that are not to be checked …), too_large. No error ever quotes the document.
Result<WlanProfile> parse_wlan_profile(std::string_view document);
Outcome is_wlan_profile(std::string_view document);

// The document of a profile, always the same for equal profiles. The key is left out: an empty keyMaterial that is
// "protected" stands for it. Where there should be one and is none, the sharedKey element is missing altogether.
std::string wlan_profile_text(const WlanProfile& profile);

// The same with its key: for the operating system alone.
std::string wlan_profile_with_key(const WlanProfile& profile);

// What a device says after this document was set: the same profile in our words and without its key.
std::string without_wlan_key(const std::string& document);

}  // namespace steward::platform

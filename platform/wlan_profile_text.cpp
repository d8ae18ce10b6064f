#include <algorithm>

#include "platform/base/bytes.h"
#include "platform/base/text.h"
#include "platform/document.h"
#include "platform/wlan_eap.h"
#include "platform/wlan_profile.h"

namespace steward::platform {
namespace {

using Security = WlanProfile::Security;

std::string element(std::string_view name, std::string_view content) {
    return "<" + std::string(name) + ">" + std::string(content) + "</" + std::string(name) + ">";
}

std::string truth(bool value) {
    return value ? "true" : "false";
}

// Octets that are no text, or none that XML can hold, are said in hex alone.
bool nameable(std::string_view ssid) {
    return valid_utf8(ssid) && trim(ssid) == ssid &&
           std::none_of(ssid.begin(), ssid.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

struct Words {
    std::string_view authentication, encryption;
};

Words words_of(Security security) {
    switch (security) {
        case Security::open:
            return {"open", "none"};
        case Security::owe:
            return {"OWE", "AES"};
        case Security::wpa2_personal:
            return {"WPA2PSK", "AES"};
        case Security::wpa3_transition:
        case Security::wpa3_personal:
            return {"WPA3SAE", "AES"};
        case Security::wpa2_enterprise:
            return {"WPA2", "AES"};
        case Security::wpa3_enterprise:
            return {"WPA3ENT", "AES"};
        case Security::wpa3_enterprise_192:
            break;
    }
    return {"WPA3ENT192", "GCMP256"};
}

enum class Key { hidden, told };

std::string security_text(const WlanProfile& profile, Key key) {
    const auto words = words_of(profile.security);
    std::string chosen = element("authentication", words.authentication) + element("encryption", words.encryption) +
                         element("useOneX", truth(profile.eap.has_value()));
    if (profile.security == Security::wpa3_transition)
        chosen += "<transitionMode xmlns=\"http://www.microsoft.com/networking/WLAN/profile/v4\">true</transitionMode>";
    std::string text = element("authEncryption", chosen);
    if (!profile.key.empty()) {
        const bool derived = profile.key.size() == 64;
        text += element("sharedKey", element("keyType", derived ? "networkKey" : "passPhrase") +
                                         element("protected", truth(key == Key::hidden)) +
                                         element("keyMaterial", key == Key::hidden ? "" : escaped_xml(profile.key)));
    }
    if (profile.eap) {
        text += "<OneX xmlns=\"http://www.microsoft.com/networking/OneX/v1\">" + element("authMode", "machine") +
                eap_text(*profile.eap) + "</OneX>";
    }
    return element("security", text);
}

std::string profile_text(const WlanProfile& profile, Key key) {
    std::string ssid = element("hex", upper(to_hex(profile.ssid)));
    if (nameable(profile.ssid)) ssid += element("name", escaped_xml(profile.ssid));
    std::string text = element("name", escaped_xml(profile.name)) +
                       element("SSIDConfig", element("SSID", ssid) + element("nonBroadcast", truth(profile.hidden))) +
                       element("connectionType", "ESS") +
                       element("connectionMode", profile.automatic ? "auto" : "manual") +
                       element("MSM", security_text(profile, key));
    if (profile.mac_address) {
        using Mac = WlanProfile::MacAddress;
        const bool random = *profile.mac_address != Mac::hardware;
        text += "<MacRandomization xmlns=\"http://www.microsoft.com/networking/WLAN/profile/v3\">" +
                element("enableRandomization", truth(random));
        if (random) text += element("randomizeEveryday", truth(*profile.mac_address == Mac::always_new));
        text += "</MacRandomization>";
    }
    return "<?xml version=\"1.0\"?><WLANProfile xmlns=\"http://www.microsoft.com/networking/WLAN/profile/v1\">" + text +
           "</WLANProfile>";
}

}  // namespace

std::string wlan_profile_text(const WlanProfile& profile) {
    return profile_text(profile, Key::hidden);
}

std::string wlan_profile_with_key(const WlanProfile& profile) {
    return profile_text(profile, Key::told);
}

}  // namespace steward::platform

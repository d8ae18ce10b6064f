#include "platform/wlan_profile.h"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/text.h"
#include "platform/document.h"
#include "platform/wlan_eap.h"

namespace steward::platform {
namespace {

using Security = WlanProfile::Security;

constexpr DocumentLimits limits{longest_wlan_profile, 24, 400, 16};
constexpr std::size_t longest_name = 255, longest_ssid = 32;

Error invalid(std::string what) {
    return {Fault::invalid, std::move(what), {}};
}

Error unsupported(std::string what) {
    return {Fault::unsupported, std::move(what), {}};
}

// A boolean that may be missing.
Result<bool> truth(const Element& at, std::string_view name, bool otherwise) {
    const auto* found = at.child(name);
    if (found == nullptr) return otherwise;
    const auto value = xml_boolean(found->text);
    if (!value) return invalid(std::string(name) + " of the WLAN profile is neither true nor false.");
    return *value;
}

std::string word(const Element& at, std::string_view name) {
    const auto* found = at.child(name);
    return found != nullptr ? found->text : std::string();
}

Outcome read_names(const Element& root, WlanProfile& profile) {
    profile.name = word(root, "name");
    if (profile.name.empty() || profile.name.size() > longest_name)
        return invalid("The WLAN profile needs a name of 1 to 255 characters.");
    const auto* config = root.child("SSIDConfig");
    const auto* ssid = config != nullptr ? config->child("SSID") : nullptr;
    if (ssid == nullptr) return invalid("The WLAN profile names no SSID.");
    const auto count = std::count_if(config->children.begin(), config->children.end(),
                                     [](const Element& each) { return same_ignoring_case(each.name, "SSID"); });
    if (count > 1 || config->child("SSIDPrefix") != nullptr)
        return unsupported("A profile stands for one SSID here: split it into one profile for each.");
    const auto hex = word(*ssid, "hex");
    if (!hex.empty()) {
        auto raw = from_hex(hex);
        if (!raw) return invalid("The SSID's hex is no hexadecimal text.");
        profile.ssid = std::move(*raw);
    } else if (const auto* name = ssid->child("name")) {
        profile.ssid = name->exact_text();
    }
    if (profile.ssid.empty() || profile.ssid.size() > longest_ssid) return invalid("An SSID has 1 to 32 octets.");
    auto hidden = truth(*config, "nonBroadcast", false);
    if (!hidden) return std::move(hidden).error();
    profile.hidden = *hidden;
    return {};
}

Outcome read_connection(const Element& root, WlanProfile& profile) {
    if (const auto type = word(root, "connectionType"); type != "ESS") {
        return type == "IBSS" ? unsupported("Ad hoc networks (IBSS) are not supported.")
                              : invalid("The WLAN profile's connectionType is neither ESS nor IBSS.");
    }
    if (root.child("Hotspot2") != nullptr) return unsupported("Passpoint (Hotspot2) is not supported.");
    const auto mode = word(root, "connectionMode");
    if (!mode.empty() && mode != "auto" && mode != "manual")
        return invalid("The WLAN profile's connectionMode is neither auto nor manual.");
    profile.automatic = mode != "manual";
    const auto* random = root.child("MacRandomization");
    if (random == nullptr) return {};
    auto enabled = truth(*random, "enableRandomization", false);
    if (!enabled) return std::move(enabled).error();
    auto every_day = truth(*random, "randomizeEveryday", false);
    if (!every_day) return std::move(every_day).error();
    using Mac = WlanProfile::MacAddress;
    profile.mac_address = !*enabled ? Mac::hardware : *every_day ? Mac::always_new : Mac::one_per_network;
    return {};
}

struct Kind {
    std::string_view authentication;
    bool onex;
    Security security;
};
constexpr std::array<Kind, 10> kinds = {{{"open", false, Security::open},
                                         {"OWE", false, Security::owe},
                                         {"WPAPSK", false, Security::wpa2_personal},
                                         {"WPA2PSK", false, Security::wpa2_personal},
                                         {"WPA3SAE", false, Security::wpa3_personal},
                                         {"WPA", true, Security::wpa2_enterprise},
                                         {"WPA2", true, Security::wpa2_enterprise},
                                         {"WPA3ENT", true, Security::wpa3_enterprise},
                                         {"WPA3ENT192", true, Security::wpa3_enterprise_192},
                                         {"WPA3", true, Security::wpa3_enterprise_192}}};

Outcome read_kind(const Element& security, WlanProfile& profile) {
    const auto* chosen = security.child("authEncryption");
    if (chosen == nullptr) return invalid("The WLAN profile has no authEncryption.");
    const auto authentication = word(*chosen, "authentication"), encryption = word(*chosen, "encryption");
    if (encryption == "WEP" || authentication == "shared")
        return unsupported("WEP is broken and refused: use WPA2PSK or WPA3SAE.");
    if (encryption == "TKIP") return unsupported("TKIP is broken and refused: use AES.");
    auto onex = truth(*chosen, "useOneX", false);
    if (!onex) return std::move(onex).error();
    const auto* kind = std::find_if(kinds.begin(), kinds.end(),
                                    [&](const Kind& each) { return each.authentication == authentication; });
    if (kind == kinds.end()) return invalid("The WLAN profile names an authentication that there is not.");
    if (kind->onex != *onex)
        return invalid("useOneX and the authentication of the WLAN profile contradict each other.");
    profile.security = kind->security;
    const std::string_view expected = profile.security == Security::open                  ? "none"
                                      : profile.security == Security::wpa3_enterprise_192 ? "GCMP256"
                                                                                          : "AES";
    if (encryption != expected)
        return invalid("With this authentication the encryption of a WLAN profile is " + std::string(expected) + ".");
    auto transition = truth(*chosen, "transitionMode", false);
    if (!transition) return std::move(transition).error();
    if (*transition && profile.security == Security::wpa3_personal) profile.security = Security::wpa3_transition;
    auto fips = truth(*chosen, "FIPSMode", false);
    if (!fips) return std::move(fips).error();
    if (*fips) return unsupported("FIPSMode can't be promised for a single network here.");
    return {};
}

Outcome read_key(const Element& security, WlanProfile& profile) {
    const auto* shared = security.child("sharedKey");
    if (shared == nullptr) {
        if (profile.personal()) return invalid("The WLAN profile has no sharedKey.");
        return {};
    }
    if (!profile.personal()) return invalid("The WLAN profile has a sharedKey that its authentication does not use.");
    auto guarded = truth(*shared, "protected", false);
    if (!guarded) return std::move(guarded).error();
    if (*guarded) {
        return unsupported(
            "The key is protected for the Windows machine that wrote the profile and can't be read anywhere else: send "
            "it with protected set to false.");
    }
    const auto* material = shared->child("keyMaterial");
    if (material == nullptr) return invalid("The WLAN profile's sharedKey has no keyMaterial.");
    profile.key = material->exact_text();
    const auto type = word(*shared, "keyType");
    if (type == "networkKey") {
        if (profile.security != Security::wpa2_personal)
            return invalid("WPA3SAE needs a keyType of passPhrase: it can't be used with a derived key.");
        if (profile.key.size() != 64 || !from_hex(profile.key))
            return invalid("A networkKey has 64 hexadecimal digits.");
        profile.key = lower(profile.key);
        return {};
    }
    if (type != "passPhrase") return invalid("The WLAN profile's keyType is neither passPhrase nor networkKey.");
    const bool printable =
        std::all_of(profile.key.begin(), profile.key.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (profile.key.size() < 8 || profile.key.size() > 63 || !printable)
        return invalid("A passPhrase has 8 to 63 printable ASCII characters.");
    return {};
}

Outcome read_onex(const Element& security, WlanProfile& profile) {
    const bool enterprise = profile.security == Security::wpa2_enterprise ||
                            profile.security == Security::wpa3_enterprise ||
                            profile.security == Security::wpa3_enterprise_192;
    if (!enterprise) return {};
    const auto* onex = security.child("OneX");
    const auto* config = onex != nullptr ? onex->child("EAPConfig") : nullptr;
    if (config == nullptr) return invalid("The WLAN profile has no OneX with an EAPConfig.");
    const auto mode = word(*onex, "authMode");
    if (!mode.empty() && mode != "machine" && mode != "machineOrUser") {
        return unsupported(
            "Of the authMode values machine and machineOrUser are supported: this device signs in itself.");
    }
    auto eap = parse_eap(*config);
    if (!eap) return std::move(eap).error();
    if (profile.security == Security::wpa3_enterprise_192 && eap->method != EapSettings::Method::tls)
        return invalid("WPA3ENT192 needs EAP-TLS.");
    profile.eap = std::move(*eap);
    return {};
}

}  // namespace

Result<WlanProfile> parse_wlan_profile(std::string_view document) {
    auto root = read_document(document, limits);
    if (!root) {
        Error error = std::move(root).error();
        error.what = "The WLAN profile can't be read. " + error.what;
        return error;
    }
    if (root->name != "WLANProfile")
        return Error{Fault::malformed, "The document is no WLAN profile: its root is not WLANProfile.", {}};
    const auto* msm = root->child("MSM");
    const auto* security = msm != nullptr ? msm->child("security") : nullptr;
    if (security == nullptr) return invalid("The WLAN profile has no MSM with a security element.");
    WlanProfile profile;
    if (auto read = read_names(*root, profile); !read) return std::move(read).error();
    if (auto read = read_connection(*root, profile); !read) return std::move(read).error();
    if (auto read = read_kind(*security, profile); !read) return std::move(read).error();
    if (auto read = read_key(*security, profile); !read) return std::move(read).error();
    if (auto read = read_onex(*security, profile); !read) return std::move(read).error();
    return profile;
}

Outcome is_wlan_profile(std::string_view document) {
    auto profile = parse_wlan_profile(document);
    if (!profile) return std::move(profile).error();
    return {};
}

std::string without_wlan_key(const std::string& document) {
    const auto profile = parse_wlan_profile(document);
    return profile ? wlan_profile_text(*profile) : std::string();
}

}  // namespace steward::platform

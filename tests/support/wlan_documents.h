// WLAN profile documents as servers send them.
#pragma once

#include <string>

namespace steward::test {

inline std::string wlan_document(const std::string& security, const std::string& name = "Office",
                                 const std::string& more = "") {
    return "<WLANProfile xmlns=\"http://www.microsoft.com/networking/WLAN/profile/v1\"><name>" + name +
           "</name><SSIDConfig><SSID><name>" + name +
           "</name></SSID></SSIDConfig><connectionType>ESS</connectionType><connectionMode>auto</connectionMode>"
           "<MSM><security>" +
           security + "</security></MSM>" + more + "</WLANProfile>";
}

inline std::string wlan_encryption(const std::string& authentication, const std::string& encryption,
                                   const std::string& onex = "false", const std::string& more = "") {
    return "<authEncryption><authentication>" + authentication + "</authentication><encryption>" + encryption +
           "</encryption><useOneX>" + onex + "</useOneX>" + more + "</authEncryption>";
}

inline std::string wlan_key(const std::string& key, const std::string& type = "passPhrase",
                            const std::string& guarded = "false") {
    return "<sharedKey><keyType>" + type + "</keyType><protected>" + guarded + "</protected><keyMaterial>" + key +
           "</keyMaterial></sharedKey>";
}

inline std::string wlan_personal(const std::string& key, const std::string& name = "Office") {
    return wlan_document(wlan_encryption("WPA2PSK", "AES") + wlan_key(key), name);
}

// EAP by the number of its type; `settings` stands inside the method's own element.
inline std::string wlan_enterprise(int type, const std::string& settings, const std::string& authentication = "WPA2",
                                   const std::string& mode = "machine") {
    const auto number = std::to_string(type);
    const std::string method = type == 21 ? "<EapTtls>" + settings + "</EapTtls>"
                                          : "<Eap><Type>" + number + "</Type><EapType>" + settings + "</EapType></Eap>";
    const std::string encryption = authentication == "WPA3ENT192" ? "GCMP256" : "AES";
    return wlan_document(wlan_encryption(authentication, encryption, "true") +
                         "<OneX xmlns=\"http://www.microsoft.com/networking/OneX/v1\"><authMode>" + mode +
                         "</authMode><EAPConfig><EapHostConfig><EapMethod><Type>" + number +
                         "</Type></EapMethod><Config>" + method + "</Config></EapHostConfig></EAPConfig></OneX>");
}

inline std::string wlan_server(const std::string& names, const std::string& thumbprint,
                               const std::string& element = "TrustedRootCA") {
    return "<ServerValidation><ServerNames>" + names + "</ServerNames><" + element + ">" + thumbprint + "</" + element +
           "></ServerValidation>";
}

}  // namespace steward::test

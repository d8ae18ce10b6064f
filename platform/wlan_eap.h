// The EapHostConfig part of a WLAN profile.
#pragma once

#include "platform/document.h"
#include "platform/wlan_profile.h"

namespace steward::platform {

// `config` is the EAPConfig element. Faults as of parse_wlan_profile.
Result<EapSettings> parse_eap(const Element& config);
std::string eap_text(const EapSettings& eap);

// "true", "1", "false", "0"; nullopt for anything else.
std::optional<bool> xml_boolean(std::string_view text);

}  // namespace steward::platform

// Application-layer authentication, both roles. Source: OMA DM Security 1.2 section 5, protocol sheet section 4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace steward::session {

enum class Auth : std::uint8_t { none, basic, md5, mac };
std::string_view type_of(Auth auth);                    // "syncml:auth-md5"; "" for none
std::optional<Auth> auth_of(std::string_view type);     // by that name
std::string_view name_of(Auth auth);                    // "none", "basic", "md5", "mac": as people write it
std::optional<Auth> auth_named(std::string_view name);  // by that name

struct Credentials {
    Auth kind = Auth::none;
    std::string name;
    std::string secret;
    std::string nonce;         // raw octets; what the one who proves himself must use
    bool nonce_known = false;  // an (even empty) nonce was agreed: credentials may be sent before any challenge
};

std::string basic_proof(std::string_view name, std::string_view secret);                        // base64
std::string md5_proof(std::string_view name, std::string_view secret, std::string_view nonce);  // base64
std::string mac_proof(std::string_view name, std::string_view secret, std::string_view nonce, std::string_view body);

// x-syncml-hmac: algorithm=MD5, username="NAME", mac=PROOF
std::string hmac_header(std::string_view name, std::string_view proof);
struct HmacHeader {
    std::string name, mac;
};
std::optional<HmacHeader> parse_hmac_header(std::string_view header);

// A nonce as it stands in NextNonce or AAUTHDATA: base64 where it is base64, else the literal text (A9).
std::string nonce_from_wire(std::string_view text);

}  // namespace steward::session

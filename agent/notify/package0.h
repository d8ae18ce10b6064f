// Package 0: the notification by which a server asks for a session. Source: OMA DM Notification 1.2 section 6, protocol
// sheet 7.1 and 7.2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace steward::notify {

inline constexpr std::size_t largest_package0 = 1400;  // bytes; one datagram

enum class UiMode : std::uint8_t { not_specified, background, informative, interaction };

struct Package0 {
    unsigned version = 11;  // ten times the version: 11 is what DM 1.2 sends
    UiMode ui = UiMode::not_specified;
    bool server_initiated = true;
    std::uint16_t session = 0;  // never 0
    std::string server;         // ServerID of the account
    std::string vendor;         // anything
};

// nullopt: too short, too long, of a version we do not know, without a session or a server. The digest is not checked.
std::optional<Package0> parse_package0(std::string_view bytes);

// Upper-case hexadecimal without leading zeros: the SessionID of the session that it asks for.
std::string session_id_of(const Package0& notification);

enum class Proof : std::uint8_t { none, nonce, backup_nonce };

// Whether its server made it. nonce: raw, the one that the server must use towards us next. The backup nonce, four zero
// bytes, counts only where the account allows it (UseNonceResync).
Proof prove(std::string_view bytes, std::string_view server, std::string_view password, std::string_view nonce,
            bool backup_allowed);

inline constexpr std::string_view backup_nonce{"\0\0\0\0", 4};

std::string encode(const Package0& notification, std::string_view password, std::string_view nonce);

}  // namespace steward::notify

// Named checks for texts that a range or a list of choices can't describe; for .checked(...) of csp/csp.h. Each gives
// what it expects in words, and the same as a regular expression where there is one.
#pragma once

#include <string_view>

#include "platform/base/result.h"

namespace steward::csp {

// A TCP port, in decimal: 1 to 65535.
inline constexpr char port_expected[] = "a port from 1 to 65535";
inline constexpr char port_pattern[] = "^[1-9][0-9]{0,4}$";
Outcome is_port(std::string_view text);

// A version of the management session: "2.0", "3". Source: DMClient DDF, SyncApplicationVersion.
inline constexpr char session_version_expected[] = "a session version such as 3.0";
inline constexpr char session_version_pattern[] = "^(\\d\\.)?(\\d)$";
Outcome is_session_version(std::string_view text);

// An https or http address.
inline constexpr char web_address_expected[] = "an address such as https://server.example/dm";
Outcome is_web_address(std::string_view text);

// One address, or several in angle brackets: <https://a.example/dm><https://b.example/dm>.
inline constexpr char web_addresses_expected[] = "an address, or several each in angle brackets";
Outcome is_web_addresses(std::string_view text);

// A day that exists: 2026-11-24.
inline constexpr char date_expected[] = "a day such as 2026-11-24";
inline constexpr char date_pattern[] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
Outcome is_date(std::string_view text);

// A point in time, local or with a Z in UTC: 2026-03-01T03:00:00.
inline constexpr char moment_expected[] = "a time such as 2026-03-01T03:00:00";
Outcome is_moment(std::string_view text);

}  // namespace steward::csp

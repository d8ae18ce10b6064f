// Where the messages of a session go, and how a URL is named inside them.
#pragma once

#include <string>
#include <string_view>

namespace steward::session {

// Target/LocURI: the configured URL without query and fragment. Source: protocol sheet 1.4, appendix E 15.
std::string location_of(std::string_view server_url);

// The address of the next message: resp_uri where the policy allows it, else server_url. Allowed is the same scheme,
// host and port; https on the same host; and, if foreign_allowed, https on any host. A weaker scheme never is.
std::string next_address(const std::string& server_url, const std::string& resp_uri, bool foreign_allowed);

}  // namespace steward::session

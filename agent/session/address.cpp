#include "agent/session/address.h"

#include "platform/base/text.h"

namespace steward::session {
namespace {

struct Parts {
    std::string scheme, host, authority;  // lower case; authority: host and port
};

Parts parts_of(std::string_view url) {
    Parts parts;
    const auto colon = url.find("://");
    if (colon == std::string_view::npos) return parts;
    parts.scheme = lower(url.substr(0, colon));
    std::string_view rest = url.substr(colon + 3);
    rest = rest.substr(0, rest.find_first_of("/?#\\"));
    // User information could hide the real host from a reader; an address that has it is not accepted.
    if (rest.find('@') != std::string_view::npos) return {};
    parts.authority = lower(rest);
    const auto bracket = parts.authority.rfind(']');
    const auto port = parts.authority.find(':', bracket == std::string::npos ? 0 : bracket);
    parts.host = parts.authority.substr(0, port);
    return parts;
}

}  // namespace

std::string location_of(std::string_view server_url) {
    return std::string(server_url.substr(0, server_url.find_first_of("?#")));
}

std::string next_address(const std::string& server_url, const std::string& resp_uri, bool foreign_allowed) {
    if (resp_uri.empty()) return server_url;
    const Parts ours = parts_of(server_url), theirs = parts_of(resp_uri);
    if (theirs.host.empty()) return server_url;
    const bool same = theirs.scheme == ours.scheme && theirs.authority == ours.authority;
    const bool safe = theirs.scheme == "https" && (theirs.host == ours.host || foreign_allowed);
    return same || safe ? resp_uri : server_url;
}

}  // namespace steward::session

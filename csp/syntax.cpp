#include "csp/syntax.h"

#include <algorithm>
#include <string>

#include "platform/base/day.h"
#include "platform/base/text.h"

namespace steward::csp {
namespace {

Outcome accept_if(bool fits, std::string_view text, const char* expected) {
    if (fits) return {};
    constexpr std::size_t shown = 80;
    const std::string quoted(text.substr(0, shown));
    return Error{Fault::invalid,
                 "\"" + quoted + "\" is not acceptable here: " + std::string(expected) + " is expected.", quoted};
}

bool digit(char letter) {
    return letter >= '0' && letter <= '9';
}

bool web_address(std::string_view text) {
    const auto scheme = text.find("://");
    if (scheme == std::string_view::npos) return false;
    const auto name = text.substr(0, scheme);
    if (!same_ignoring_case(name, "https") && !same_ignoring_case(name, "http")) return false;
    const auto rest = text.substr(scheme + 3);
    const auto host = rest.substr(0, rest.find_first_of("/?#"));
    const bool printable = std::all_of(rest.begin(), rest.end(), [](char letter) {
        return static_cast<unsigned char>(letter) > ' ' && letter != '<' && letter != '>' && letter != '"';
    });
    return !host.empty() && host.front() != ':' && printable;
}

}  // namespace

Outcome is_port(std::string_view text) {
    const bool digits = !text.empty() && text.front() != '0' && std::all_of(text.begin(), text.end(), digit);
    const auto number = to_integer(text);
    return accept_if(digits && number && *number <= 65535, text, port_expected);
}

Outcome is_session_version(std::string_view text) {
    const bool shorter = text.size() == 1 && digit(text[0]);
    const bool longer = text.size() == 3 && digit(text[0]) && text[1] == '.' && digit(text[2]);
    return accept_if(shorter || longer, text, session_version_expected);
}

Outcome is_web_address(std::string_view text) {
    return accept_if(web_address(text), text, web_address_expected);
}

Outcome is_web_addresses(std::string_view text) {
    if (!text.starts_with('<')) return accept_if(web_address(text), text, web_addresses_expected);
    for (auto rest = text; !rest.empty();) {
        const auto end = rest.find('>');
        if (rest.front() != '<' || end == std::string_view::npos || !web_address(rest.substr(1, end - 1))) {
            return accept_if(false, text, web_addresses_expected);
        }
        rest.remove_prefix(end + 1);
    }
    return {};
}

Outcome is_date(std::string_view text) {
    return accept_if(parse_day(text).has_value(), text, date_expected);
}

Outcome is_moment(std::string_view text) {
    return accept_if(parse_moment(text).has_value(), text, moment_expected);
}

}  // namespace steward::csp

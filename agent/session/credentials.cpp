#include "agent/session/credentials.h"

#include <array>
#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"

namespace steward::session {
namespace {

struct Kind {
    Auth auth;
    std::string_view name, type;
};
constexpr std::array<Kind, 4> kinds = {{
    {Auth::none, "none", ""},
    {Auth::basic, "basic", "syncml:auth-basic"},
    {Auth::md5, "md5", "syncml:auth-md5"},
    {Auth::mac, "mac", "syncml:auth-MAC"},
}};

const Kind& kind_of(Auth auth) {
    return kinds[static_cast<std::size_t>(auth)];
}

std::string joined(std::string_view a, std::string_view b) {
    std::string text;
    text.reserve(a.size() + 1 + b.size());
    return text.append(a).append(1, ':').append(b);
}

std::string digest(std::string_view a, std::string_view b) {
    return to_base64(md5(joined(a, b)));
}

std::string_view unquoted(std::string_view text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
    return text;
}

// Cuts the text up to the next comma that is outside quotation marks off the front of header.
std::string_view next_part(std::string_view& header) {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < header.size() && (quoted || header[end] != ','); ++end) {
        if (header[end] == '"') quoted = !quoted;
    }
    const std::string_view part = header.substr(0, end);
    header.remove_prefix(end < header.size() ? end + 1 : end);
    return trim(part);
}

}  // namespace

std::string_view type_of(Auth auth) {
    return kind_of(auth).type;
}

std::optional<Auth> auth_of(std::string_view type) {
    for (const auto& kind : kinds) {
        if (kind.auth != Auth::none && same_ignoring_case(kind.type, trim(type))) return kind.auth;
    }
    return std::nullopt;
}

std::string_view name_of(Auth auth) {
    return kind_of(auth).name;
}

std::optional<Auth> auth_named(std::string_view name) {
    for (const auto& kind : kinds) {
        if (kind.name == name) return kind.auth;
    }
    return std::nullopt;
}

std::string basic_proof(std::string_view name, std::string_view secret) {
    return to_base64(joined(name, secret));
}

std::string md5_proof(std::string_view name, std::string_view secret, std::string_view nonce) {
    return digest(digest(name, secret), nonce);
}

// Not the HMAC of RFC 2104, in spite of its name.
std::string mac_proof(std::string_view name, std::string_view secret, std::string_view nonce, std::string_view body) {
    return digest(joined(digest(name, secret), nonce), to_base64(md5(body)));
}

std::string hmac_header(std::string_view name, std::string_view proof) {
    std::string header = "algorithm=MD5, username=\"";
    header.append(name).append("\", mac=").append(proof);
    return header;
}

std::optional<HmacHeader> parse_hmac_header(std::string_view header) {
    HmacHeader parsed;
    bool named = false;
    while (!header.empty()) {
        const std::string_view part = next_part(header);
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string_view key = trim(part.substr(0, equals));
        const std::string_view value = unquoted(trim(part.substr(equals + 1)));
        if (same_ignoring_case(key, "username")) {
            parsed.name = value;
            named = true;
        } else if (same_ignoring_case(key, "mac")) {
            parsed.mac = value;
        } else if (same_ignoring_case(key, "algorithm") && !same_ignoring_case(value, "MD5")) {
            return std::nullopt;
        }
    }
    if (!named || parsed.mac.empty()) return std::nullopt;
    return parsed;
}

std::string nonce_from_wire(std::string_view text) {
    if (auto raw = from_base64(text)) return std::move(*raw);
    return std::string(trim(text));
}

}  // namespace steward::session

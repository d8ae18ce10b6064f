#include "agent/enrol/link.h"

#include "agent/transport/curl.h"
#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace steward::enrol {
namespace {

constexpr std::string_view scheme = "ms-device-enrollment:";
constexpr std::size_t longest_link = 16u << 10;

// Fault malformed for a damaged escape, bytes that are no UTF-8 and control characters.
Result<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const auto byte = i + 2 < text.size() ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
        if (!byte) return Error{Fault::malformed, "The link is damaged: copy it again in full.", {}};
        out += *byte;
        i += 2;
    }
    bool control = !valid_utf8(out);
    for (const char c : out) control = control || static_cast<unsigned char>(c) < 0x20;
    if (control) return Error{Fault::malformed, "The link holds characters that no link may hold.", {}};
    return out;
}

}  // namespace

Result<Link> read_link(std::string_view text) {
    text = trim(text);
    if (text.size() > longest_link || !same_ignoring_case(text.substr(0, scheme.size()), scheme)) {
        return Error{Fault::malformed, "This is no enrolment link: it must begin with \"ms-device-enrollment:?\".", {}};
    }
    text.remove_prefix(scheme.size());
    if (text.starts_with("?")) text.remove_prefix(1);
    Link link;
    std::string mode = "mdm", server;
    for (const auto part : split(text, '&')) {
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) continue;
        auto value = decoded(part.substr(equals + 1));
        if (!value) return value.error();
        const auto name = lower(part.substr(0, equals));
        if (name == "mode") mode = lower(*value);
        if (name == "username") link.user = *value;
        if (name == "servername") server = *value;
        if (name == "accesstoken") link.token = *value;
        if (name == "deviceidentifier") link.device = *value;
        if (name == "tenantidentifier") link.tenant = *value;
        if (name == "ownership" && *value == "2") link.ownership = Link::Ownership::personal;
        if (name == "ownership" && *value == "3") link.ownership = Link::Ownership::corporate;
    }
    if (mode != "mdm") {
        return Error{Fault::unsupported,
                     "The link asks for the mode \"" + mode.substr(0, 40) +
                         "\", which joins a Microsoft directory: only mode=mdm enrols this device.",
                     {}};
    }
    if (!server.empty()) {
        if (server.find("://") == std::string::npos) server = "https://" + server;
        if (auto fine = transport::acceptable_url(server); !fine) return fine.error();
        link.server = server;
    }
    if (link.user.empty() && link.server.empty()) {
        return Error{Fault::invalid, "The link names neither a user nor a server.", {}};
    }
    return link;
}

}  // namespace steward::enrol

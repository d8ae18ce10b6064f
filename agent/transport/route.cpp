#include "agent/transport/route.h"

#include "platform/base/text.h"
#include "platform/proxy.h"

namespace steward::transport {

const std::optional<std::string>& SystemRoute::to(const std::string& url) {
    const auto scheme = url.find("://");
    auto server = url.substr(0, url.find_first_of("/?#", scheme == std::string::npos ? 0 : scheme + 3));
    if (server != server_) {
        proxy_ = platform::system_proxy(url);
        server_ = std::move(server);
    }
    return proxy_;
}

bool stays_here(std::string_view host) {
    if (host == "localhost" || host == "[::1]") return true;  // libcurl resolves localhost itself, never by DNS
    const auto parts = split(host, '.');
    if (parts.size() != 4 || parts[0] != "127") return false;
    for (const auto part : parts) {
        const auto number = to_integer(part);
        if (!number || *number < 0 || *number > 255) return false;
    }
    return true;
}

bool one_line(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace steward::transport

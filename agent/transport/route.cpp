#include "agent/transport/route.h"

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

}  // namespace steward::transport

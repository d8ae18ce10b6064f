#include "tests/server/wake.h"

#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "agent/transport/curl.h"
#include "tests/server/freed.h"
#include "tests/server/stream.h"
#include "tests/support/package0.h"

namespace steward::server {

Result<int> push_to(const std::string& channel, const std::string& ca_file) {
    transport::Limits limits;
    limits.connect = std::chrono::seconds(5);
    limits.total = std::chrono::seconds(10);
    limits.reply = 64u << 10;
    transport::CurlExchange exchange({ca_file, {}, {}, {}}, limits);
    auto reply = exchange.post({channel, "application/octet-stream", "1", {{"X-WNS-Type", "wns/raw"}}});
    if (!reply) return reply.error();
    return reply->status;
}

Outcome send_package0(const Device& device, const std::string& where, std::uint16_t session_id) {
    const auto colon = where.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == where.size()) {
        return Error{Fault::invalid, "Package 0 goes to HOST:PORT, not to \"" + where + "\".", where};
    }
    auto host = where.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* list = nullptr;
    if (const int failed = getaddrinfo(host.c_str(), where.substr(colon + 1).c_str(), &hints, &list); failed != 0) {
        return Error{Fault::invalid, "The address " + where + " is unknown.", gai_strerror(failed)};
    }
    const std::unique_ptr<addrinfo, Freed<freeaddrinfo>> found(list);
    transcript::Package0 notification;
    notification.server_id = device.provider;
    notification.session_id = session_id;
    const auto bytes = encode(notification, device.secrets.server_secret, device.secrets.server_nonce);
    const Socket socket(::socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto sent = sendto(socket.get(), bytes.data(), bytes.size(), 0, found->ai_addr, found->ai_addrlen);
    if (sent != static_cast<ssize_t>(bytes.size())) {
        return Error{Fault::io, "Package 0 could not be sent to " + where + '.', std::strerror(errno)};
    }
    return {};
}

}  // namespace steward::server

#include "platform/dead_peer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace steward::platform {

bool give_up_untaken(std::intptr_t socket, std::chrono::milliseconds time) {
    const auto most = static_cast<unsigned int>(time.count());
    return ::setsockopt(static_cast<int>(socket), IPPROTO_TCP, TCP_USER_TIMEOUT, &most, sizeof most) == 0;
}

}  // namespace steward::platform

#include "platform/dead_peer.h"

#include <winsock2.h>

namespace steward::platform {
namespace {

constexpr int tcp_maxrt = 5;  // TCP_MAXRT of ws2ipdef.h, which not every compiler's headers have; in seconds

}  // namespace

bool give_up_untaken(std::intptr_t socket, std::chrono::milliseconds time) {
    const auto most = static_cast<DWORD>(std::chrono::ceil<std::chrono::seconds>(time).count());
    return ::setsockopt(static_cast<SOCKET>(socket), IPPROTO_TCP, tcp_maxrt, reinterpret_cast<const char*>(&most),
                        sizeof most) == 0;
}

}  // namespace steward::platform

#include "platform/linux/watch.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace steward::platform {
namespace {

constexpr const char* session_places[] = {"/run/systemd/sessions", "/run/utmp"};

int watch_logins(const std::string& root) {
    const int made = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (made < 0) return made;
    const std::string base = root == "/" ? std::string() : root;
    for (const auto* place : session_places) {
        // What does not exist is not watched: then there are no logins of that kind either.
        (void)::inotify_add_watch(made, (base + place).c_str(),
                                  IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE);
    }
    return made;
}

int watch_network() {
    const int made = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (made < 0) return made;
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
    if (::bind(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return made;
    ::close(made);
    return -1;
}

// Reads away what is there; true when there was anything.
bool drain(int from) {
    std::array<char, 8192> buffer{};
    bool any = false;
    for (;;) {
        const ssize_t count = ::read(from, buffer.data(), buffer.size());
        if (count > 0) any = true;
        if (count < 0 && errno == ENOBUFS) any = true;  // so much that the kernel dropped some
        if (count < 0 && (errno == EINTR || errno == ENOBUFS)) continue;
        if (count <= 0) return any;
    }
}

}  // namespace

Watch::Watch(const std::string& root, std::function<void(Changed)> changed) : changed_(std::move(changed)) {
    logins_ = watch_logins(root);
    if (root == "/") network_ = watch_network();
    over_ = ::eventfd(0, EFD_CLOEXEC);
    thread_ = std::thread([this] { look(); });
}

Watch::~Watch() {
    const std::uint64_t one = 1;
    (void)!::write(over_, &one, sizeof one);
    thread_.join();
    for (const int each : {logins_, network_, over_}) {
        if (each >= 0) ::close(each);
    }
}

void Watch::look() {
    for (;;) {
        std::array<pollfd, 3> waiting{{{over_, POLLIN, 0}, {logins_, POLLIN, 0}, {network_, POLLIN, 0}}};
        if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
        if (waiting[0].revents != 0) return;
        if (waiting[1].revents != 0 && drain(logins_)) changed_(Changed::logins);
        if (waiting[2].revents != 0 && drain(network_)) changed_(Changed::network);
    }
}

}  // namespace steward::platform

// inotify on where logind and utmp keep sessions, rtnetlink for addresses and routes. Source: inotify(7), rtnetlink(7).
#include "platform/watch.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>
#include <thread>
#include <utility>

namespace steward::platform {
namespace {

constexpr const char* session_places[] = {"/run/systemd/sessions", "/run/utmp"};

// Directories in which the back ends keep settings of theirs.
constexpr const char* setting_places[] = {"/etc",
                                          "/etc/apt/apt.conf.d",
                                          "/etc/dconf/db/local.d",
                                          "/etc/NetworkManager/system-connections",
                                          "/etc/pam.d",
                                          "/etc/profile.d",
                                          "/etc/security",
                                          "/etc/security/pwquality.conf.d",
                                          "/etc/systemd/logind.conf.d",
                                          "/etc/systemd/system",
                                          "/etc/systemd/system/apt-daily.timer.d",
                                          "/etc/systemd/system/apt-daily-upgrade.timer.d",
                                          "/etc/systemd/system/timers.target.d",
                                          "/usr/local/share/ca-certificates",
                                          "/usr/share/pam-configs"};
constexpr int until_quiet = 1000;  // ms: what changes one file often changes more

// What does not exist is not watched: then there are no logins of that kind, and no settings there. Adding a place for
// the second time changes nothing.
void add_places(int to, const std::string& base, std::span<const char* const> places) {
    for (const auto* place : places) {
        (void)::inotify_add_watch(to, (base + place).c_str(),
                                  IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE);
    }
}

int watch_places(const std::string& base, std::span<const char* const> places) {
    const int made = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (made >= 0) add_places(made, base, places);
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

struct Watch::Post {
    std::function<void(Changed)> changed;
    std::string base;
    int logins = -1, settings = -1, network = -1, over = -1;
    std::thread thread;

    void look() const {
        for (;;) {
            std::array<pollfd, 4> waiting{
                {{over, POLLIN, 0}, {logins, POLLIN, 0}, {network, POLLIN, 0}, {settings, POLLIN, 0}}};
            if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
            if (waiting[0].revents != 0) return;
            if (waiting[1].revents != 0 && drain(logins)) changed(Changed::logins);
            if (waiting[2].revents != 0 && drain(network)) changed(Changed::network);
            if (waiting[3].revents != 0) {
                if (::poll(waiting.data(), 1, until_quiet) > 0) return;
                add_places(settings, base, setting_places);
                if (drain(settings)) changed(Changed::settings);
            }
        }
    }
};

Watch::Watch(const std::string& root, std::function<void(Changed)> changed) : post_(std::make_unique<Post>()) {
    post_->changed = std::move(changed);
    post_->base = root == "/" ? std::string() : root;
    post_->logins = watch_places(post_->base, session_places);
    post_->settings = watch_places(post_->base, setting_places);
    if (root == "/") post_->network = watch_network();
    post_->over = ::eventfd(0, EFD_CLOEXEC);
    post_->thread = std::thread([post = post_.get()] { post->look(); });
}

Watch::~Watch() {
    const std::uint64_t one = 1;
    (void)!::write(post_->over, &one, sizeof one);
    post_->thread.join();
    for (const int each : {post_->logins, post_->settings, post_->network, post_->over}) {
        if (each >= 0) ::close(each);
    }
}

}  // namespace steward::platform

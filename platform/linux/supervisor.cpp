#include "platform/linux/supervisor.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "platform/base/text.h"

namespace steward::platform {

std::unique_ptr<Supervisor> own_supervisor() {
    return std::make_unique<SystemdSupervisor>();
}

SystemdSupervisor::SystemdSupervisor() {
    const char* place = std::getenv("NOTIFY_SOCKET");
    if (place == nullptr || (place[0] != '/' && place[0] != '@')) return;
    sockaddr_un address{};
    const std::size_t length = std::strlen(place);
    if (length >= sizeof address.sun_path) return;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, place, length);
    if (place[0] == '@') address.sun_path[0] = '\0';  // the abstract namespace
    const int made = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (made < 0) return;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    if (::connect(made, reinterpret_cast<const sockaddr*>(&address), size) != 0) {
        ::close(made);
        return;
    }
    socket_ = made;
    const char* process = std::getenv("WATCHDOG_PID");
    const char* interval = std::getenv("WATCHDOG_USEC");
    if (interval == nullptr || (process != nullptr && to_integer(process) != static_cast<std::int64_t>(::getpid())))
        return;
    if (const auto microseconds = to_integer(interval); microseconds && *microseconds > 0) {
        watchdog_ = std::chrono::seconds(std::max<std::int64_t>(1, *microseconds / 2'000'000));
    }
}

SystemdSupervisor::~SystemdSupervisor() {
    if (socket_ >= 0) ::close(socket_);
}

void SystemdSupervisor::say(const std::string& words) const {
    if (socket_ >= 0) (void)::send(socket_, words.data(), words.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void SystemdSupervisor::ready() {
    say("READY=1");
}

// Type=notify-reload asks for the moment, in microseconds of the monotonic clock.
void SystemdSupervisor::reloading() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    say("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.tv_sec * 1'000'000 + now.tv_nsec / 1000));
}

void SystemdSupervisor::stopping() {
    say("STOPPING=1");
}

void SystemdSupervisor::alive() {
    say("WATCHDOG=1");
}

void SystemdSupervisor::status(std::string_view words) {
    std::string line(words);
    std::replace(line.begin(), line.end(), '\n', ' ');
    say("STATUS=" + line);
}

}  // namespace steward::platform

#include "platform/linux/connection.h"

#include <utility>

namespace steward::platform {
namespace {

enum Metered : std::uint64_t { yes = 1, no = 2, guess_yes = 3, guess_no = 4 };

}  // namespace

Result<Connection> LinuxConnection::read() {
    const BusObject manager{"org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager",
                            "org.freedesktop.NetworkManager"};
    Connection connection;
    auto metered = get_property(bus_, manager, "Metered");
    if (!metered) {
        if (metered.error().fault == Fault::unsupported) return connection;
        return std::move(metered).error();
    }
    const auto number = metered->as_unsigned().value_or(0);
    if (number >= yes && number <= guess_no) connection.metered = number == yes || number == guess_yes;
    return connection;
}

Outcome LinuxConnection::write(const Connection&) {
    return Error{Fault::refused, "What a connection costs is read, not set.", {}};
}

}  // namespace steward::platform

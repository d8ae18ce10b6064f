#include "platform/linux/uplink.h"

#include <utility>

namespace steward::platform {
namespace {

enum Metered : std::uint64_t { yes = 1, no = 2, guess_yes = 3, guess_no = 4 };

}  // namespace

Result<Uplink> LinuxUplink::read() {
    const BusObject manager{"org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager",
                            "org.freedesktop.NetworkManager"};
    Uplink uplink;
    auto metered = get_property(bus_, manager, "Metered");
    if (!metered) {
        if (metered.error().fault == Fault::unsupported) return uplink;
        return std::move(metered).error();
    }
    const auto number = metered->as_unsigned().value_or(0);
    if (number >= yes && number <= guess_no) uplink.metered = number == yes || number == guess_yes;
    return uplink;
}

Outcome LinuxUplink::write(const Uplink&) {
    return Error{Fault::refused, "What a connection costs is read, not set.", {}};
}

}  // namespace steward::platform

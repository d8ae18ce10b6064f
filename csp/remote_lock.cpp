// RemoteLock: locks what is open at this device. Source: DDF RemoteLock.
#include "csp/csp.h"
#include "platform/host.h"

namespace steward::csp {

Csp remote_lock(platform::Host& host) {
    return Csp("./Device/Vendor/MSFT/RemoteLock", "Locking this device from afar.")
        .nodes({
            action("Lock", "Locks every session now; it succeeds once each says that it is locked.",
                   [&host](const Keys&, std::string_view) -> Result<Done> {
                       auto locked = host.screens.lock_all();
                       if (!locked) return std::move(locked).error();
                       return Done::now;
                   }),
        });
}

}  // namespace steward::csp

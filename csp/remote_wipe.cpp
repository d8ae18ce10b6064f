// RemoteWipe: makes this device's data unreadable, where its administrator has allowed that. Source: DDF RemoteWipe.
#include "csp/csp.h"
#include "platform/host.h"

namespace steward::csp {

using platform::WipeKind;

namespace {

constexpr std::chrono::minutes grace{1};  // in which the server hears that it will be done

Leaf wipe(platform::Host& host, std::string path, WipeKind kind, std::string about) {
    return action(std::move(path), std::move(about),
                  [&host, kind](const Keys&, std::string_view) -> Result<Done> {
                      if (auto ordered = host.wiper.order(kind, host.clock.now() + grace); !ordered) {
                          return std::move(ordered).error();
                      }
                      return Done::now;
                  })
        .format(Format::chr);
}

}  // namespace

Csp remote_wipe(platform::Host& host) {
    return Csp("./Device/Vendor/MSFT/RemoteWipe", "Making what this device holds unreadable, for good.")
        .nodes({
            wipe(host, "doWipe", WipeKind::quick,
                 "In a minute: destroys the keys of encrypted disks, overwrites the others, and restarts."),
            wipe(host, "doWipeProtected", WipeKind::thorough,
                 "The same, with everything overwritten, taken up again after a power cut."),
        });
}

}  // namespace steward::csp

// DevInfo: what the client says of the device in every session. Source: OMA DM Standardized Objects 1.2, DDF DevInfo.
#include "csp/csp.h"
#include "csp/unknown.h"
#include "platform/host.h"

namespace steward::csp {

using platform::Identity;

Csp dev_info(platform::Host& host) {
    // A session needs maker and model, so Windows has a word for a device that doesn't know them.
    return Csp("./DevInfo", "Who this device is, as told at the start of each session.")
        .report<Identity>(host.identity,
                          {
                              field("DevId", &Identity::device_id,
                                    "Names this device to the server, and is the source of its messages."),
                              or_say("Unknown", field("Man", &Identity::manufacturer, "Who made the device.")),
                              or_say("Unknown", field("Mod", &Identity::model, "The model, as its maker calls it.")),
                              field("Lang", &Identity::language, "The language of the device, as a language tag."),
                          })
        .nodes({
            value("DmV", Format::chr, "The version of the management client, counted as Windows does.",
                  [](const Keys&) -> Result<std::string> { return std::string("1.3"); }),
        });
}

}  // namespace steward::csp

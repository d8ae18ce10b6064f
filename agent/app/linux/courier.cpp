// The part of the service that has the network, as a process of its own without any right to the device.
#include "agent/app/linux/courier.h"

#include "agent/app/journal.h"
#include "agent/app/verb.h"
#include "agent/courier/service.h"
#include "platform/datagrams.h"
#include "platform/linux/confine.h"
#include "platform/linux/endpoint.h"
#include "platform/signals.h"

namespace steward::app {
namespace {

constexpr std::chrono::seconds no_limit{0};  // a session rests for as long as the device takes

Result<std::unique_ptr<platform::Endpoint>> socket_for(const Call& call) {
    if (call.options.has("listen")) return platform::listen_at(call.options.get("listen"), no_limit);
    auto inherited = platform::inherited_endpoint(no_limit);
    if (!inherited) return inherited.error();
    if (*inherited) return std::move(**inherited);
    return Error{Fault::invalid, "There is no socket: systemd hands one over, or --listen names one.", {}};
}

int run(const Call& call) {
    auto endpoint = socket_for(call);
    if (!endpoint) return report(endpoint.error());
    if (auto given_up = platform::give_up_programs(); !given_up) return report(given_up.error());
    const platform::Signals signals([&](platform::Signal signal) {
        if (signal != platform::Signal::reload) (*endpoint)->close();
    });
    // systemd starts it again when it is needed again.
    std::optional<std::chrono::milliseconds> linger;
    if (!call.options.has("listen")) linger = std::chrono::seconds(20);
    courier::Service service(
        **endpoint, [](std::uint16_t port) { return platform::listen_on(port); }, linger);
    const auto served = service.run();
    return served ? exit_ok : report(served.error());
}

}  // namespace

Verb courier_verb() {
    return {
        "courier",
        "be the part of the service that has the network (started by systemd)",
        "[--listen SOCKET]",
        {{"listen", "SOCKET", "where `steward run --courier SOCKET` finds it; without it, what systemd hands over"}},
        0,
        "  steward courier --listen /run/steward/courier\n",
        run};
}

}  // namespace steward::app

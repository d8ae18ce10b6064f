// Which updates wait and until when; and doing what is due, when systemd calls.
#include <iostream>

#include "agent/app/json.h"
#include "agent/app/verb.h"

namespace steward::app {
namespace {

std::optional<std::string> text_of(const std::optional<Instant>& time) {
    if (!time) return std::nullopt;
    return iso_extended(time->time_since_epoch().count());
}

int show(platform::Host& host, bool json) {
    const auto standing = host.update_deadline.standing();
    if (!standing) return report(standing.error());
    const auto stale = host.update_lists.stale_services.all();
    if (json) {
        Json pending = Json::array();
        for (const auto& each : standing->pending) {
            pending.push(Json::object()
                             .set("update", each.update)
                             .set("held", each.held)
                             .set("seen", text_of(each.seen))
                             .set("due", text_of(each.due)));
        }
        Json answer = Json::object().set("pending", pending).set("restart_due", text_of(standing->restart_due));
        Json services = Json::array();
        if (stale) {
            for (const auto& [name, service] : *stale) services.push(Json(name));
            answer.set("stale_services", services);
        } else {
            answer.set("stale_services_unknown", stale.error().what);
        }
        std::cout << answer.text();
        return exit_ok;
    }
    for (const auto& each : standing->pending) {
        std::cout << each.update;
        if (each.due) std::cout << "  seen " << *text_of(each.seen) << ", due " << *text_of(each.due);
        if (each.held) std::cout << "  " << *each.held;
        std::cout << "\n";
    }
    std::cout << standing->pending.size() << (standing->pending.size() == 1 ? " update waits" : " updates wait")
              << "\n";
    if (standing->restart_due) std::cout << "the restart they want is due " << *text_of(standing->restart_due) << "\n";
    if (!stale) {
        std::cout << "services that run what an update has replaced: unknown. " << stale.error().what << "\n";
    } else {
        for (const auto& [name, service] : *stale) std::cout << name << " runs what an update has replaced\n";
    }
    return exit_ok;
}

int run(const Call& call) {
    auto agent = Agent::open(call.places, Purpose::read);
    if (!agent) return report(agent.error());
    auto& host = (*agent)->host();
    auto& deadline = host.update_deadline;
    if (call.options.has("stale")) {
        const auto looked = host.update_lists.stale_services.look();
        return looked ? exit_ok : report(looked.error());
    }
    if (call.options.has("hold")) {
        const auto held = deadline.hold();
        return held ? exit_ok : report(held.error());
    }
    if (!call.options.has("enforce")) return show(host, call.json);
    const auto done = deadline.enforce();
    if (!done) return report(done.error());
    for (const auto& sentence : *done) std::cout << sentence << "\n";
    return exit_ok;
}

}  // namespace

Verb updates_verb() {
    return {
        "updates",
        "show which updates wait, until when, and what still runs as it was before",
        "",
        {{"enforce", "", "keep back what has to wait, install what is due and plan the restart (called by systemd)"},
         {"hold", "", "keep back what has to wait (called by apt and dnf before they install)"},
         {"stale", "", "look for services that run what an update has replaced (called by systemd)"}},
        0,
        "  steward updates\n"
        "  steward updates --json          the same for a program\n",
        run};
}

}  // namespace steward::app

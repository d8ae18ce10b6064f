// What wiping this device would do; and doing it, when a server has ordered it and systemd calls.
#include <iostream>

#include "agent/app/json.h"
#include "agent/app/verb.h"

namespace steward::app {
namespace {

int simulate(const Call& call) {
    auto agent = Agent::open(call.places, Purpose::read);
    if (!agent) return report(agent.error());
    const auto kind = call.options.has("thorough") ? platform::WipeKind::thorough : platform::WipeKind::quick;
    auto& wiper = (*agent)->host().wiper;
    const auto plan = wiper.plan(kind);
    if (!plan) return report(plan.error());
    const auto order = wiper.ordered();
    if (!order) return report(order.error());
    if (call.json) {
        Json steps = Json::array();
        for (const auto& step : *plan) steps.push(step);
        std::cout << Json::object().set("ordered", order->has_value()).set("steps", steps).text();
        return exit_ok;
    }
    std::cout << (*order ? "A wipe is ordered.\n" : "Nothing is ordered, and nothing was done. A wipe would:\n");
    for (const auto& step : *plan) std::cout << "  " << step << "\n";
    return exit_ok;
}

int run(const Call& call) {
    if (call.options.has("simulate")) return simulate(call);
    if (!call.options.has("carry-out")) {
        return usage("A person wipes nothing by this: --simulate shows what a server's order would do.", "wipe");
    }
    auto agent = Agent::open(call.places, Purpose::read);
    if (!agent) return report(agent.error());
    const auto done = (*agent)->host().wiper.carry_out([](const std::string& step) { std::cout << step << std::endl; });
    return done ? exit_ok : report(done.error());
}

}  // namespace

Verb wipe_verb() {
    return {"wipe",
            "show what wiping this device would do",
            "--simulate [--thorough]",
            {{"simulate", "", "say what would be done, and do nothing"},
             {"thorough", "", "as doWipeProtected: with everything overwritten"},
             {"carry-out", "", "carry out the order of a server (started by systemd)"}},
            0,
            "  steward wipe --simulate\n",
            run};
}

}  // namespace steward::app

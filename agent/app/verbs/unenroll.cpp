// Leaves a server: settings return to what they were before it, the server is told, the account goes.
#include <iostream>
#include <memory>
#include <set>

#include "agent/app/desk.h"
#include "agent/app/json.h"
#include "agent/app/leaving.h"
#include "agent/app/verb.h"
#include "agent/transport/curl.h"

namespace steward::app {
namespace {

int leave(const Call& call, std::unique_ptr<Agent> agent, const Account& account) {
    transport::CurlExchange exchange(account.trust);
    const bool insist = !call.options.has("now");
    auto departure = depart(*agent, account, exchange, "a person at the device", insist);
    agent.reset();  // the service may work again
    nudge_service(call.places);
    if (!departure) return report(departure.error());

    const bool told = departure->farewell == Farewell::told;
    if (call.json) {
        Json left = Json::array();
        for (const auto& each : departure->leftover) {
            left.push(Json::object().set("uri", each.uri).set("device", each.device).set("before", each.desired));
        }
        std::cout << Json::object()
                         .set("account", account.id)
                         .set("gone", departure->gone)
                         .set("serverTold", told)
                         .set("sentence", departure->reason.what)
                         .set("leftover", left)
                         .text();
    } else {
        std::cout << account.id << ": settings are given back";
        if (told) {
            std::cout << ", the server knows, the account is gone\n";
        } else if (departure->gone) {
            std::cout << ", the account is gone; the server could not be told: " << departure->reason.what << "\n";
        } else {
            std::cout << "; the server could not be told yet: " << departure->reason.what
                      << "\nThe service goes on trying for "
                      << std::chrono::duration_cast<std::chrono::hours>(departure_patience).count() / 24
                      << " days; to forget the account at once: steward unenroll " << account.id << " --now\n";
        }
    }
    for (const auto& each : departure->leftover) {
        std::cerr << "steward: " << each.uri << " did not return to \"" << each.desired.value_or("") << "\"; it is \""
                  << each.device.value_or("") << "\".\n";
    }
    return departure->leftover.empty() ? exit_ok : exit_failed;
}

// Every server, and what was set at the device itself: nothing of ours is left in force.
int leave_all(const Call& call) {
    int code = exit_ok;
    for (;;) {
        auto agent = open_to_change(call.places);
        if (!agent) return report(agent.error());
        const auto accounts = (*agent)->accounts().all();
        if (!accounts.empty()) {
            const int left = leave(call, std::move(*agent), accounts.front());
            if (left != exit_ok) code = left;
            agent = Agent::open(call.places, Purpose::read);
            if (!agent) return report(agent.error());
            if ((*agent)->accounts().all().size() < accounts.size()) continue;
            return exit_failed;  // it goes on trying; what it said stands above
        }
        std::set<std::string> authorities;
        for (const auto& [uri, rows] : (*agent)->policies().all()) {
            for (const auto& row : rows) authorities.insert(row.authority);
        }
        for (const auto& authority : authorities) {
            if (auto released = (*agent)->tree().release(authority); !released) code = report(released.error());
        }
        return code;
    }
}

int run(const Call& call) {
    const auto& words = call.options.positional();
    if (call.options.has("all")) {
        return words.empty() ? leave_all(call) : usage("--all and an account exclude each other.", "unenroll");
    }
    auto agent = open_to_change(call.places);
    if (!agent) return report(agent.error());
    auto account = (*agent)->accounts().find(words.empty() ? std::string() : words.front());
    if (!account) return report(account.error());
    return leave(call, std::move(*agent), *account);
}

}  // namespace

Verb unenroll_verb() {
    return {"unenroll",
            "leave a server: give its settings back, tell it, forget it",
            "[ACCOUNT | --all] [--now]",
            {{"now", "", "forget the account even if its server cannot be told"},
             {"all", "", "leave every server, and give back what was set at the device itself"}},
            1,
            "  steward unenroll\n  steward unenroll corp --now\n  steward unenroll --all --now\n",
            run};
}

}  // namespace steward::app

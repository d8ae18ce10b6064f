// How this device stands: its accounts, their sessions, and whether the device is as it should be.
#include <iostream>

#include "agent/app/desk.h"
#include "agent/app/pages.h"
#include "agent/app/verb.h"

namespace steward::app {
namespace {

int run(const Call& call) {
    auto agent = Agent::open(call.places, Purpose::read);
    if (!agent) {
        // Who may not read the state himself asks the service.
        const std::vector<std::string> words = {"status", call.json ? "json" : "text"};
        if (const auto code = ask_service(call.places, words)) return *code;
        return report(agent.error());
    }
    const auto page = status_page(**agent, call.json);
    if (!page) return report(page.error());
    std::cout << *page;
    return exit_ok;
}

}  // namespace

Verb status_verb() {
    return {"status", "show accounts, sessions and whether the device is as it should be",
            "",       {},
            0,        "  steward status\n  steward status --json\n",
            run};
}

}  // namespace steward::app

// What was done to this device, by whom, and whether that record is whole.
#include <algorithm>
#include <iostream>

#include "agent/app/json.h"
#include "agent/app/verb.h"
#include "platform/base/text.h"

namespace steward::app {
namespace {

int show(Agent& agent, const Call& call) {
    const auto count = to_integer(call.options.get("count", "50"));
    if (!count || *count < 1) return usage("--count takes a number from 1 on.", "audit");
    auto entries = agent.audit().latest(static_cast<std::size_t>(*count));
    if (!entries) return report(entries.error());
    std::reverse(entries->begin(), entries->end());
    Json list = Json::array();
    for (const auto& entry : *entries) {
        if (call.json) {
            list.push(Json::object()
                          .set("number", entry.number)
                          .set("time", iso_extended(entry.time))
                          .set("kind", entry.kind)
                          .set("authority", entry.authority)
                          .set("session", entry.session)
                          .set("subject", entry.subject)
                          .set("outcome", entry.outcome)
                          .set("hash", entry.hash));
            continue;
        }
        std::cout << entry.number << "  " << iso_extended(entry.time) << "  " << entry.kind;
        if (!entry.authority.empty()) std::cout << "  " << entry.authority;
        if (!entry.session.empty()) std::cout << "/" << entry.session;
        std::cout << "  " << entry.subject << ": " << entry.outcome << "\n";
    }
    if (call.json) std::cout << list.text();
    return exit_ok;
}

int verify(Agent& agent, const Call& call) {
    const auto verdict = agent.audit().verify(agent.audit_anchor());
    if (!verdict) return report(verdict.error());
    const bool whole = !verdict->broken_at;
    if (call.json) {
        Json json = Json::object();
        json.set("whole", whole).set("entries", verdict->entries).set("sentence", verdict->sentence);
        if (!whole) json.set("brokenAt", *verdict->broken_at);
        std::cout << json.text();
    } else if (whole) {
        std::cout << "the audit log is whole: " << verdict->entries << " entries\n";
    } else {
        std::cerr << "steward: the audit log is not whole. " << verdict->sentence << "\n";
    }
    return whole ? exit_ok : exit_failed;
}

int run(const Call& call) {
    const auto& words = call.options.positional();
    const std::string what = words.empty() ? "show" : words.front();
    if (what != "show" && what != "verify") return usage("\"" + what + "\" is not show or verify.", "audit");
    auto agent = Agent::open(call.places, Purpose::read);
    if (!agent) return report(agent.error());
    return what == "show" ? show(**agent, call) : verify(**agent, call);
}

}  // namespace

Verb audit_verb() {
    return {"audit",
            "show what was done to this device, or verify that the record is whole",
            "[show [--count N] | verify]",
            {{"count", "N", "how many of the newest entries (default: 50)"}},
            1,
            "  steward audit show --count 20\n  steward audit verify\n  steward audit show --json\n",
            run};
}

}  // namespace steward::app

// Why a setting is as it is: who wanted what, when, what it was before, what the device says.
#include <iostream>

#include "agent/app/json.h"
#include "agent/app/verb.h"

namespace steward::app {
namespace {

std::string shown(const std::optional<std::string>& value) {
    return value ? "\"" + *value + "\"" : std::string("nothing");
}

void print(const tree::Why& why) {
    std::cout << why.uri << "\n  " << why.about << "\n";
    if (why.format != csp::Format::node) {
        std::cout << "  takes    " << csp::name_of(why.format) << ", " << why.allowed << "\n";
    }
    if (why.device) {
        std::cout << "  device   " << shown(why.device) << "\n";
    } else if (!why.unknown.empty()) {
        std::cout << "  device   unknown: " << why.unknown << "\n";
    }
    if (why.effective) {
        std::cout << "  desired  " << shown(why.effective) << (why.merge.empty() ? "" : " (" + why.merge + ")") << "\n";
    }
    for (const auto& wish : why.wishes) {
        std::cout << (wish.wins ? "         * " : "           ") << wish.authority << " wants \"" << wish.value
                  << "\" since " << iso_extended(wish.time) << ", session " << wish.session << "\n";
    }
    if (why.original) {
        std::cout << "  before   " << shown(why.original->data) << " until " << iso_extended(why.original->time)
                  << "\n";
    }
    for (const auto& event : why.history) {
        std::cout << "  history  " << iso_extended(event.time) << " " << event.authority << ", session "
                  << event.session << ": " << shown(event.before) << " -> " << shown(event.after) << "\n";
    }
}

Json json_of(const tree::Why& why) {
    Json wishes = Json::array(), history = Json::array();
    for (const auto& wish : why.wishes) {
        wishes.push(Json::object()
                        .set("authority", wish.authority)
                        .set("session", wish.session)
                        .set("value", wish.value)
                        .set("time", iso_extended(wish.time))
                        .set("wins", wish.wins));
    }
    for (const auto& event : why.history) {
        history.push(Json::object()
                         .set("authority", event.authority)
                         .set("session", event.session)
                         .set("time", iso_extended(event.time))
                         .set("before", event.before)
                         .set("after", event.after));
    }
    Json json = Json::object();
    json.set("uri", why.uri)
        .set("about", why.about)
        .set("format", csp::name_of(why.format))
        .set("allowed", why.allowed)
        .set("merge", why.merge)
        .set("device", why.device)
        .set("unknown", why.unknown)
        .set("desired", why.effective)
        .set("wishes", wishes)
        .set("original", why.original ? why.original->data : std::nullopt)
        .set("touched", why.original.has_value())
        .set("history", history);
    return json;
}

int run(const Call& call) {
    if (call.options.positional().empty()) return usage("A URI is missing.", "why");
    auto agent = Agent::open(call.places, Purpose::read);
    if (!agent) return report(agent.error());
    auto why = (*agent)->tree().why(call.options.positional().front());
    if (!why) return report(why.error());
    if (call.json) {
        std::cout << json_of(*why).text();
    } else {
        print(*why);
    }
    return exit_ok;
}

}  // namespace

Verb why_verb() {
    return {"why", "tell why a node is as it is",
            "URI", {},
            1,     "  steward why ./Device/Vendor/MSFT/Policy/Config/DeviceLock/MinDevicePasswordLength\n",
            run};
}

}  // namespace steward::app

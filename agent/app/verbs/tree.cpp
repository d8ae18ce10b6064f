// The management tree at the keyboard: read, set, and describe it.
#include <iostream>

#include "agent/app/json.h"
#include "agent/app/verb.h"
#include "agent/tree/ddf.h"
#include "agent/tree/handbook.h"

namespace steward::app {
namespace {

const tree::Context local{tree::local_authority, "local"};

tree::Answer get(Agent& agent, const std::string& uri) {
    tree::Operation operation;
    operation.uri = uri;
    auto answers = agent.tree().run(local, {&operation, 1});
    for (auto& found : answers.front().found) {
        if (found.uri.empty()) found.uri = uri;
    }
    return std::move(answers.front());
}

Json json_of(const tree::Found& found) {
    return Json::object()
        .set("uri", found.uri)
        .set("format", csp::name_of(found.format))
        .set("type", found.type)
        .set("data", found.data);
}

int show(const Call& call, const std::string& uri, bool list) {
    auto agent = Agent::open(call.places, Purpose::read);
    if (!agent) return report(agent.error());
    const auto answer = get(**agent, list ? uri + "?list=StructData" : uri);
    if (answer.state == tree::Answer::State::failed) return report(answer.error);
    Json json = Json::array();
    for (const auto& found : answer.found) {
        if (call.json) {
            json.push(json_of(found));
        } else if (!list) {
            std::cout << found.data.value_or("") << "\n";
        } else {
            std::cout << found.uri;
            if (found.format != csp::Format::node) std::cout << " = " << found.data.value_or("");
            std::cout << "\n";
        }
    }
    if (call.json) std::cout << (list ? json.text() : json_of(answer.found.front()).text());
    return exit_ok;
}

int change(const Call& call, tree::Verb verb, const std::string& uri, const std::optional<std::string>& value = {}) {
    auto agent = open_to_change(call.places);
    if (!agent) return report(agent.error());
    tree::Operation operation;
    operation.verb = verb;
    operation.uri = uri;
    operation.data = value;
    const auto answer = (*agent)->tree().run(local, {&operation, 1}).front();
    if (answer.state == tree::Answer::State::failed) return report(answer.error);
    auto why = (*agent)->tree().why(uri);
    if (!why) return report(why.error());
    if (call.json) {
        std::cout
            << Json::object().set("uri", why->uri).set("device", why->device).set("desired", why->effective).text();
    } else {
        std::cout << why->uri << ": the device says " << (why->device ? "\"" + *why->device + "\"" : "nothing") << "\n";
    }
    return exit_ok;
}

int run(const Call& call) {
    const auto& words = call.options.positional();
    const std::string what = words.empty() ? "list" : words[0];
    const std::string uri = words.size() > 1 ? words[1] : ".";
    if (what == "list") return show(call, uri, true);
    if (what == "get" && words.size() == 2) return show(call, uri, false);
    if (what == "set" && words.size() == 3) return change(call, tree::Verb::replace, uri, words[2]);
    if (what == "add" && words.size() == 2) return change(call, tree::Verb::add, uri);
    if (what == "delete" && words.size() == 2) return change(call, tree::Verb::erase, uri);
    if (what == "ddf" || what == "handbook") {
        auto agent = Agent::open(call.places, Purpose::read);
        if (!agent) return report(agent.error());
        const auto& mount = (*agent)->tree().mount();
        auto text = what == "ddf" ? tree::ddf(mount, uri) : tree::handbook(mount, uri);
        if (!text) return report(text.error());
        std::cout << *text;
        return exit_ok;
    }
    return usage("\"tree\" takes list [URI], get URI, set URI VALUE, add URI, delete URI, ddf [URI] or handbook [URI].",
                 "tree");
}

}  // namespace

Verb tree_verb() {
    return {"tree",
            "read, set and describe nodes of the management tree",
            "list [URI] | get URI | set URI VALUE | add URI | delete URI | ddf [URI] | handbook [URI]",
            {},
            3,
            "  steward tree list ./DevInfo\n"
            "  steward tree get ./DevDetail/SwV\n"
            "  steward tree set ./Device/Vendor/MSFT/Policy/Config/DeviceLock/MinDevicePasswordLength 12\n"
            "  steward tree add ./Device/Vendor/MSFT/Update/ApprovedUpdates/openssl_3.0.17-1~deb12u3\n"
            "  steward tree delete ./Device/Vendor/MSFT/Policy/Config/DeviceLock/MinDevicePasswordLength\n"
            "  steward tree ddf ./SyncML/DMAcc\n"
            "  steward tree handbook ./Device/Vendor/MSFT/Policy/Config/DeviceLock\n",
            run};
}

}  // namespace steward::app

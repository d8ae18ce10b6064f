// What would change on the device: by what is desired already, or by the commands of a SyncML file.
#include <iostream>

#include "agent/app/json.h"
#include "agent/app/local.h"
#include "agent/app/verb.h"

namespace steward::app {
namespace {

std::string shown(const std::optional<std::string>& value, const char* otherwise) {
    return value ? "\"" + *value + "\"" : std::string(otherwise);
}

int run(const Call& call) {
    auto agent = Agent::open(call.places, Purpose::read);
    if (!agent) return report(agent.error());
    std::vector<tree::Difference> differences;
    std::vector<Error> refused;
    if (call.options.positional().empty()) {
        auto drift = (*agent)->tree().drift();
        if (!drift) return report(drift.error());
        differences = std::move(*drift);
    } else {
        auto body = read_input(call.options.positional().front());
        if (!body) return report(body.error());
        auto operations = operations_of(*body);
        if (!operations) return report(operations.error());
        auto plan = (*agent)->tree().plan({tree::local_authority, "plan"}, *operations);
        differences = std::move(plan.differences);
        for (auto& answer : plan.answers) {
            if (answer.state == tree::Answer::State::failed) refused.push_back(std::move(answer.error));
        }
    }
    if (call.json) {
        Json changes = Json::array(), errors = Json::array();
        for (const auto& each : differences) {
            changes.push(Json::object().set("uri", each.uri).set("device", each.device).set("desired", each.desired));
        }
        for (const auto& error : refused) errors.push(error.what);
        std::cout << Json::object().set("changes", changes).set("refused", errors).text();
    } else {
        for (const auto& each : differences) {
            std::cout << each.uri << "\n  " << shown(each.device, "nothing") << " -> "
                      << shown(each.desired, "given back to the system") << "\n";
        }
        for (const auto& error : refused) std::cout << "refused: " << error.what << "\n";
        std::cout << differences.size() << " settings would change, " << refused.size() << " commands refused\n";
    }
    return refused.empty() ? exit_ok : exit_failed;
}

}  // namespace

Verb plan_verb() {
    return {"plan",
            "show what would change on the device, and change nothing",
            "[FILE]",
            {},
            1,
            "  steward plan                    what is not as it should be\n"
            "  steward plan policy.xml         what these SyncML commands would change\n",
            run};
}

}  // namespace steward::app

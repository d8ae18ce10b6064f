// How this device stands: its accounts, their last sessions, and whether the device is as it should be.
#include <iostream>

#include "agent/app/json.h"
#include "agent/app/verb.h"

namespace steward::app {
namespace {

struct Picture {
    std::vector<std::pair<Account, std::optional<store::SessionRecord>>> accounts;
    std::size_t settings = 0;  // managed settings that have a value
    std::vector<tree::Difference> drift;
    std::string drift_unknown;
    std::vector<store::ActionRecord> actions;
};

Result<Picture> look(Agent& agent) {
    Picture picture;
    for (auto& account : agent.accounts().all()) {
        auto latest = agent.sessions().latest(account.id, 1);
        if (!latest) return latest.error();
        std::optional<store::SessionRecord> last;
        if (!latest->empty()) last = latest->front();
        picture.accounts.emplace_back(std::move(account), std::move(last));
    }
    picture.settings = agent.policies().originals().size();
    auto drift = agent.tree().drift();
    if (drift) {
        picture.drift = std::move(*drift);
    } else {
        picture.drift_unknown = drift.error().what;
    }
    auto actions = agent.actions().latest(5);
    if (!actions) return actions.error();
    picture.actions = std::move(*actions);
    return picture;
}

void print(Agent& agent, const Picture& picture) {
    std::cout << "state     " << agent.state_directory() << "\n";
    if (agent.database_set_aside()) {
        std::cout << "warning   the state database was damaged; it was moved to " << *agent.database_set_aside()
                  << " and a new one begun\n";
    }
    if (picture.accounts.empty()) std::cout << "accounts  none: make one with \"steward account add\"\n";
    for (const auto& [account, last] : picture.accounts) {
        std::cout << "account   " << account.id << " at " << account.url << "\n";
        if (!last) {
            std::cout << "          no session yet: run \"steward sync\"\n";
            continue;
        }
        std::cout << "          last session " << iso_extended(last->ended) << ": " << last->outcome << ", "
                  << last->messages << " messages, " << last->commands << " commands, " << last->failed << " failed\n";
        if (!last->sentence.empty()) std::cout << "          " << last->sentence << "\n";
    }
    std::cout << "settings  " << picture.settings << " managed, ";
    if (!picture.drift_unknown.empty()) {
        std::cout << "state unknown: " << picture.drift_unknown << "\n";
    } else if (picture.drift.empty()) {
        std::cout << "all as they should be\n";
    } else {
        std::cout << picture.drift.size() << " not as they should be (\"steward plan\" shows them)\n";
    }
    for (const auto& action : picture.actions) {
        std::cout << "action    " << iso_extended(action.intended) << " " << action.uri << " by " << action.authority
                  << ": " << (action.outcome.empty() ? "under way" : action.outcome)
                  << (action.sentence.empty() ? "" : ", " + action.sentence) << "\n";
    }
}

Json json_of(Agent& agent, const Picture& picture) {
    Json accounts = Json::array(), drift = Json::array(), actions = Json::array();
    for (const auto& [account, last] : picture.accounts) {
        Json json = Json::object();
        json.set("id", account.id).set("url", account.url);
        if (last) {
            json.set("lastSession", Json::object()
                                        .set("session", last->session)
                                        .set("ended", iso_extended(last->ended))
                                        .set("outcome", last->outcome)
                                        .set("sentence", last->sentence)
                                        .set("messages", last->messages)
                                        .set("commands", last->commands)
                                        .set("failed", last->failed));
        }
        accounts.push(json);
    }
    for (const auto& each : picture.drift) {
        drift.push(Json::object().set("uri", each.uri).set("device", each.device).set("desired", each.desired));
    }
    for (const auto& action : picture.actions) {
        actions.push(Json::object()
                         .set("uri", action.uri)
                         .set("authority", action.authority)
                         .set("intended", iso_extended(action.intended))
                         .set("outcome", action.outcome)
                         .set("sentence", action.sentence));
    }
    Json json = Json::object();
    json.set("state", agent.state_directory())
        .set("databaseSetAside", agent.database_set_aside())
        .set("accounts", accounts)
        .set("settings", picture.settings)
        .set("drift", drift)
        .set("driftUnknown", picture.drift_unknown)
        .set("actions", actions);
    return json;
}

int run(const Call& call) {
    auto agent = Agent::open(call.places, Purpose::read);
    if (!agent) return report(agent.error());
    auto picture = look(**agent);
    if (!picture) return report(picture.error());
    if (call.json) {
        std::cout << json_of(**agent, *picture).text();
    } else {
        print(**agent, *picture);
    }
    return exit_ok;
}

}  // namespace

Verb status_verb() {
    return {"status", "show accounts, last sessions and whether the device is as it should be",
            "",       {},
            0,        "  steward status\n  steward status --json\n",
            run};
}

}  // namespace steward::app

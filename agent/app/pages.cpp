#include "agent/app/pages.h"

#include <map>
#include <set>
#include <sstream>

#include "agent/app/json.h"
#include "agent/app/leaving.h"

namespace steward::app {
namespace {

struct Stand {
    Account account;
    std::optional<store::SessionRecord> last;
    std::optional<store::Appointment> next;
    bool leaving = false;
    std::size_t waiting = 0;  // alerts in the outbox
};

struct Picture {
    std::vector<Stand> accounts;
    std::size_t settings = 0;  // managed settings that have a value
    std::vector<tree::Difference> drift;
    std::string drift_unknown;
    std::set<std::string> contested;
    std::map<std::string, std::string> theirs;  // what we are asked for and others have set, and who
    std::vector<store::ActionRecord> actions;
};

Result<Picture> look(Agent& agent) {
    Picture picture;
    auto planned = agent.agenda().planned();
    if (!planned) return planned.error();
    for (auto& account : agent.accounts().all()) {
        Stand stand;
        auto latest = agent.sessions().latest(account.id, 1);
        if (!latest) return latest.error();
        if (!latest->empty()) stand.last = latest->front();
        for (const auto& each : *planned) {
            if (each.account == account.id) stand.next = each;
        }
        auto waiting = agent.outbox().waiting(account.id);
        if (!waiting) return waiting.error();
        stand.waiting = waiting->size();
        stand.leaving = leaving(agent, account.id);
        stand.account = std::move(account);
        picture.accounts.push_back(std::move(stand));
    }
    picture.settings = agent.policies().originals().size();
    auto drift = agent.tree().drift();
    if (drift) {
        picture.drift = std::move(*drift);
    } else {
        picture.drift_unknown = drift.error().what;
    }
    auto contested = agent.repairs().contested();
    if (!contested) return std::move(contested).error();
    picture.contested = std::move(*contested);
    for (const auto& [uri, owner] : agent.tree().owners()) {
        if (agent.policies().at(uri) != nullptr) picture.theirs.emplace(uri, owner);
    }
    auto actions = agent.actions().latest(5);
    if (!actions) return actions.error();
    picture.actions = std::move(*actions);
    return picture;
}

void tell_neighbours(std::ostream& page, const Result<platform::Neighbours>& neighbours) {
    if (!neighbours) {
        page << "others    unknown: " << neighbours.error().what << "\n";
        return;
    }
    if (!neighbours->tenant.empty()) page << "joined    the directory " << neighbours->tenant << "\n";
    for (const auto& each : neighbours->all) {
        page << "others    " << each.name << (each.server.empty() ? "" : " at " + each.server)
             << (each.person.empty() ? "" : " for " + each.person) << " manages this device too, and has set "
             << each.policies.size() << " policies\n";
    }
}

Json json_of(const Result<platform::Neighbours>& neighbours) {
    Json all = Json::array();
    if (neighbours) {
        for (const auto& each : neighbours->all) {
            Json policies = Json::array();
            for (const auto& policy : each.policies) policies.push(policy);
            all.push(Json::object()
                         .set("name", each.name)
                         .set("server", each.server)
                         .set("person", each.person)
                         .set("kind", each.kind)
                         .set("policies", policies));
        }
    }
    return Json::object()
        .set("joined", neighbours ? neighbours->tenant : std::string())
        .set("managements", all)
        .set("unknown", neighbours ? std::string() : neighbours.error().what);
}

std::string text_of(Agent& agent, const Picture& picture) {
    std::ostringstream page;
    page << "state     " << agent.state_directory() << "\n";
    if (agent.database_set_aside()) {
        page << "warning   the state database was damaged; it was moved to " << *agent.database_set_aside()
             << " and a new one begun\n";
    }
    if (picture.accounts.empty()) page << "accounts  none: make one with \"steward account add\"\n";
    for (const auto& [account, last, next, leaves, waiting] : picture.accounts) {
        page << "account   " << account.id << " at " << account.url << "\n";
        if (leaves) page << "          leaves management; its server is still to be told\n";
        if (!last) {
            page << "          no session yet: run \"steward sync\"\n";
        } else {
            page << "          last session " << iso_extended(last->ended) << ": " << last->outcome << ", "
                 << last->messages << " messages, " << last->commands << " commands, " << last->failed << " failed\n";
            if (!last->sentence.empty()) page << "          " << last->sentence << "\n";
        }
        if (next) page << "          next session " << iso_extended(next->at) << ": " << next->why << "\n";
        if (const auto wrong = schedule::objection(account.poll); !wrong.empty()) page << "          " << wrong << "\n";
        if (waiting > 0) page << "          " << waiting << " alerts wait for the server\n";
    }
    tell_neighbours(page, agent.neighbours());
    page << "settings  " << picture.settings << " managed, ";
    if (!picture.drift_unknown.empty()) {
        page << "state unknown: " << picture.drift_unknown << "\n";
    } else if (picture.drift.empty()) {
        page << "all as they should be\n";
    } else {
        page << picture.drift.size() << " not as they should be (\"steward plan\" shows them)\n";
    }
    for (const auto& uri : picture.contested) {
        page << "contested " << uri << ": somebody keeps changing it back; put right " << store::Repairs::most
             << " times within an hour, then left alone until that is over\n";
    }
    for (const auto& [uri, owner] : picture.theirs) {
        page << "contested " << uri << ": set by \"" << owner << "\" and left to it\n";
    }
    for (const auto& action : picture.actions) {
        page << "action    " << iso_extended(action.intended) << " " << action.uri << " by " << action.authority << ": "
             << (action.outcome.empty() ? "under way" : action.outcome)
             << (action.sentence.empty() ? "" : ", " + action.sentence) << "\n";
    }
    return std::move(page).str();
}

Json json_of(Agent& agent, const Picture& picture) {
    Json accounts = Json::array(), drift = Json::array(), actions = Json::array(), contested = Json::array();
    for (const auto& uri : picture.contested) contested.push(uri);
    for (const auto& [account, last, next, leaves, waiting] : picture.accounts) {
        Json json = Json::object();
        json.set("id", account.id).set("url", account.url).set("leaving", leaves).set("alertsWaiting", waiting);
        if (next) json.set("nextSession", Json::object().set("at", iso_extended(next->at)).set("why", next->why));
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
    Json theirs = Json::object();
    for (const auto& [uri, owner] : picture.theirs) theirs.set(uri.c_str(), owner);
    Json json = Json::object();
    json.set("state", agent.state_directory())
        .set("databaseSetAside", agent.database_set_aside())
        .set("accounts", accounts)
        .set("settings", picture.settings)
        .set("drift", drift)
        .set("driftUnknown", picture.drift_unknown)
        .set("contested", contested)
        .set("others", json_of(agent.neighbours()))
        .set("setByOthers", theirs)
        .set("actions", actions);
    return json;
}
}  // namespace

Result<std::string> status_page(Agent& agent, bool json) {
    auto picture = look(agent);
    if (!picture) return picture.error();
    return json ? json_of(agent, *picture).text() : text_of(agent, *picture);
}

std::string session_page(const std::string& account, const SyncResult& result, bool json) {
    const bool good = result.end == session::End::finished;
    if (json) {
        return Json::object()
            .set("account", account)
            .set("session", result.session_id)
            .set("finished", good)
            .set("left", result.end == session::End::left)
            .set("sentence", result.error.what)
            .set("messages", result.counters.messages)
            .set("commands", result.counters.commands)
            .set("failed", result.counters.failed)
            .text();
    }
    if (result.end == session::End::left) return "the server ended the enrolment of " + account + "\n";
    if (!good) return {};
    return "session " + result.session_id + " with " + account +
           " finished: " + std::to_string(result.counters.messages) + " messages, " +
           std::to_string(result.counters.commands) + " commands, " + std::to_string(result.counters.failed) +
           " failed\n";
}

}  // namespace steward::app

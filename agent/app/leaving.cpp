#include "agent/app/leaving.h"

#include <algorithm>

#include "agent/app/enrolling.h"
#include "agent/app/sync.h"
#include "agent/tree/uri.h"
#include "platform/base/text.h"

namespace steward::app {
namespace {

// The segments below ./Device/Vendor/MSFT/DMClient or ./SyncML/DMAcc, if it is below one of the two.
bool below(std::span<const std::string_view> path, std::initializer_list<std::string_view> root,
           std::span<const std::string_view>& rest) {
    if (path.size() < root.size()) return false;
    if (!std::equal(root.begin(), root.end(), path.begin(), [](auto a, auto b) { return same_ignoring_case(a, b); })) {
        return false;
    }
    rest = path.subspan(root.size());
    return true;
}

bool ends_enrolment(const tree::Operation& operation, const std::string& authority) {
    if (operation.verb != tree::Verb::exec && operation.verb != tree::Verb::erase) return false;
    tree::Uri uri;
    if (!uri.parse(operation.uri) || !uri.property().empty() || !uri.list().empty()) return false;
    std::span<const std::string_view> rest;
    if (below(uri.segments(), {"SyncML", "DMAcc"}, rest)) {
        const auto own = Accounts::node_of(authority);
        return operation.verb == tree::Verb::erase && rest.size() == 1 && own.ends_with(rest[0]) &&
               own.size() == std::string_view("./SyncML/DMAcc/").size() + rest[0].size();
    }
    if (!below(uri.segments(), {"Device", "Vendor", "MSFT", "DMClient"}, rest)) return false;
    if (operation.verb == tree::Verb::exec && rest.size() == 1 && same_ignoring_case(rest[0], "Unenroll")) {
        return trim(operation.data.value_or("")) == authority;
    }
    const bool own = rest.size() >= 2 && same_ignoring_case(rest[0], "Provider") && rest[1] == authority;
    if (operation.verb == tree::Verb::erase) return own && rest.size() == 2;
    return own && rest.size() == 3 && same_ignoring_case(rest[2], "Unenroll");
}

std::vector<std::string> nodes_of(const std::string& account) {
    return {Accounts::node_of(account), Accounts::provider_node(account)};
}

const store::Alert* departure_alert(const std::vector<store::Alert>& alerts) {
    const auto found =
        std::find_if(alerts.begin(), alerts.end(), [](const auto& alert) { return alert.type == unenrolment_alert; });
    return found == alerts.end() ? nullptr : &*found;
}

}  // namespace

std::vector<tree::Answer> LeaveOnRequest::run(const tree::Context& context,
                                              std::span<const tree::Operation> operations) {
    return pass(&tree::Executor::run, context, operations);
}

std::vector<tree::Answer> LeaveOnRequest::run_atomic(const tree::Context& context,
                                                     std::span<const tree::Operation> operations) {
    return pass(&tree::Executor::run_atomic, context, operations);
}

std::vector<tree::Answer> LeaveOnRequest::pass(Run how, const tree::Context& context,
                                               std::span<const tree::Operation> operations) {
    if (leaving_) {
        return {operations.size(),
                tree::Answer::failure({Fault::denied, "This device leaves management; nothing is changed.", {}})};
    }
    const bool ends = std::any_of(operations.begin(), operations.end(),
                                  [&](const auto& operation) { return ends_enrolment(operation, context.authority); });
    if (!ends) return (tree_.*how)(context, operations);
    if (auto begun = begin_departure(agent_, context.authority, "its server"); !begun) {
        return {operations.size(), tree::Answer::failure(begun.error())};
    }
    leaving_ = true;
    tree::Answer answer;
    answer.state = tree::Answer::State::leaving;
    return {operations.size(), answer};
}

bool leaving(Agent& agent, const std::string& account) {
    const auto waiting = agent.outbox().waiting(account);
    return waiting && departure_alert(*waiting) != nullptr;
}

Outcome begin_departure(Agent& agent, const std::string& account, const std::string& who) {
    if (!leaving(agent, account)) {
        store::Alert alert;
        alert.account = account;
        alert.type = unenrolment_alert;
        alert.format = "int";
        alert.mark = "critical";
        alert.data = "1";
        if (auto queued = agent.outbox().add(std::move(alert)); !queued) return queued.error();
        audit::Entry entry;
        entry.kind = "departure";
        entry.authority = account;
        entry.subject = "account " + account + " leaves by " + who;
        entry.outcome = "begun";
        if (auto noted = agent.audit().append({std::move(entry)}); !noted) return noted;
    }
    const auto keep = nodes_of(account);
    // What cannot be given back now is tried again by every sweep; it does not keep the enrolment alive.
    (void)agent.tree().release(account, keep);
    return {};
}

Result<Departure> depart(Agent& agent, const Account& account, courier::Conductor& conductor, const std::string& who,
                         bool insist) {
    if (auto begun = begin_departure(agent, account.id, who); !begun) return begun.error();
    auto waiting = agent.outbox().waiting(account.id);
    if (!waiting) return waiting.error();
    const auto* alert = departure_alert(*waiting);
    const auto since = alert != nullptr ? Instant(std::chrono::seconds(alert->created)) : agent.clock().now();

    Departure departure;
    auto told = sync(agent, account, conductor, {});
    if (!leaving(agent, account.id)) {
        departure.farewell = Farewell::told;
    } else if (!told) {
        departure.reason = told.error();
    } else {
        departure.reason = told->error;
    }
    const bool in_vain = agent.clock().now() - since >= departure_patience;
    if (departure.farewell == Farewell::not_told && insist && !in_vain) return departure;

    audit::Entry entry;
    entry.kind = "departure";
    entry.authority = account.id;
    entry.subject = "account " + account.id + " is gone";
    entry.outcome = departure.farewell == Farewell::told ? "done" : "done; the server could not be told";
    const auto released = agent.tree().release(account.id);
    departure.leftover = agent.tree().leftovers();
    if (auto forgotten = forget_enrolment(agent, account.id); !forgotten) return forgotten.error();
    if (auto cleared = agent.outbox().clear(account.id); !cleared) return cleared.error();
    if (auto noted = agent.audit().append({std::move(entry)}); !noted) return noted.error();
    if (!released) return released.error();
    departure.gone = true;
    return departure;
}

Result<Departure> depart(Agent& agent, const Account& account, transport::Exchange& exchange, const std::string& who,
                         bool insist) {
    courier::Direct conductor(exchange);
    return depart(agent, account, conductor, who, insist);
}

}  // namespace steward::app

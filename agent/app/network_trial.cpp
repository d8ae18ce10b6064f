#include "agent/app/network_trial.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace steward::app {
namespace {

constexpr std::string_view network_roots[] = {"./Device/Vendor/MSFT/WiFi", "./Device/Vendor/MSFT/Policy/Config/Wifi"};
constexpr std::chrono::milliseconds between_tries{3000};
// We give up before the guard acts by itself, so that the old network returns in one go with the old wishes.
constexpr std::chrono::seconds to_undo{10};
// No node of the tree: a place in the store for what was desired before.
const std::string before_root = "./Steward/BeforeTrial";

struct Kept {
    std::string uri;
    store::Row row;
};

std::vector<Kept> rows_below(const store::Policies& policies, std::string_view root) {
    std::vector<Kept> found;
    policies.below(root, [&](const std::string& uri, const store::Rows& rows) {
        for (const auto& row : rows) found.push_back({uri, row});
        return true;
    });
    // The order of writing decides where the last one wins.
    std::sort(found.begin(), found.end(), [](const Kept& a, const Kept& b) { return a.row.stamp < b.row.stamp; });
    return found;
}

void clear(store::Policies& policies, std::string_view root) {
    for (const auto& [uri, row] : rows_below(policies, root)) policies.remove(uri, row.authority);
}

void forget_before(store::Policies& policies) {
    clear(policies, before_root);
    const auto* marks = policies.at(before_root);
    if (marks == nullptr) return;
    const store::Rows copies = *marks;
    for (const auto& mark : copies) policies.remove(before_root, mark.authority);
}

// Everything in one commit: whenever the power fails, the wishes are those from before or those on trial.
Outcome bring_back(store::Policies& policies) {
    for (const auto root : network_roots) clear(policies, root);
    for (auto& [uri, row] : rows_below(policies, before_root))
        policies.put("." + uri.substr(before_root.size()), std::move(row));
    forget_before(policies);
    return policies.commit();
}

}  // namespace

bool NetworkTrial::concerns_network(const tree::Operation& operation) const {
    if (operation.verb == tree::Verb::get || operation.verb == tree::Verb::exec) return false;
    const auto place = tree_.mount().find(operation.uri.substr(0, operation.uri.find('?')));
    return place && std::any_of(std::begin(network_roots), std::end(network_roots), [&](std::string_view root) {
               return place->uri == root || place->uri.starts_with(std::string(root) + "/");
           });
}

Outcome NetworkTrial::begin(const tree::Context& context) {
    auto armed = guard_.arm(network_trial_patience);
    // Where the network can't be changed at all, whoever tries will say so.
    if (!armed && armed.error().fault == Fault::unsupported) return {};
    if (!armed) {
        Error error = std::move(armed).error();
        error.what = "The network is left alone, because it could not be made safe to change. " + error.what;
        return error;
    }
    until_ = clock_.now() + network_trial_patience - to_undo;
    if (open_) return {};
    store::Row mark;
    mark.authority = context.authority;
    mark.session = context.session_id;
    policies_.put(before_root, std::move(mark));
    for (const auto root : network_roots) {
        for (auto& [uri, row] : rows_below(policies_, root)) policies_.put(before_root + uri.substr(1), std::move(row));
    }
    if (auto kept = policies_.commit(); !kept) {
        (void)guard_.undo();
        return kept;
    }
    open_ = true;
    return {};
}

std::vector<tree::Answer> NetworkTrial::run(const tree::Context& context, std::span<const tree::Operation> operations) {
    const auto concerned = [&](const tree::Operation& each) { return concerns_network(each); };
    if (std::none_of(operations.begin(), operations.end(), concerned)) return inner_.run(context, operations);
    auto begun = begin(context);
    if (begun) return inner_.run(context, operations);
    std::vector<tree::Operation> others;
    std::remove_copy_if(operations.begin(), operations.end(), std::back_inserter(others), concerned);
    auto answers = inner_.run(context, others);
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (concerned(operations[i]))
            answers.insert(answers.begin() + static_cast<std::ptrdiff_t>(i), tree::Answer::failure(begun.error()));
    }
    return answers;
}

std::vector<tree::Answer> NetworkTrial::run_atomic(const tree::Context& context,
                                                   std::span<const tree::Operation> operations) {
    const bool concerned = std::any_of(operations.begin(), operations.end(),
                                       [&](const tree::Operation& each) { return concerns_network(each); });
    if (concerned) {
        if (auto begun = begin(context); !begun) return {operations.size(), tree::Answer::failure(begun.error())};
    }
    return inner_.run_atomic(context, operations);
}

std::optional<std::chrono::milliseconds> NetworkTrial::next_wait(
    std::optional<std::chrono::milliseconds> by_policy) const {
    if (!open_ || clock_.now() >= until_) return by_policy;
    return std::min(by_policy.value_or(between_tries), between_tries);
}

Result<NetworkTrial::Verdict> NetworkTrial::reached() {
    if (!open_) return Verdict::none;
    auto kept = guard_.keep();
    if (!kept) return std::move(kept).error();
    if (*kept == platform::NetworkGuard::Verdict::had_been_undone) return undone();
    open_ = false;
    forget_before(policies_);
    if (auto committed = policies_.commit(); !committed) return std::move(committed).error();
    return Verdict::passed;
}

Result<NetworkTrial::Verdict> NetworkTrial::ended() {
    if (!open_) return Verdict::none;
    const auto back = guard_.undo();
    auto settled = undone();
    if (!back && settled) return back.error();  // the guard's own time brings the network back
    return settled;
}

Result<NetworkTrial::Verdict> NetworkTrial::undone() {
    open_ = false;
    if (auto back = bring_back(policies_); !back) return std::move(back).error();
    const auto swept = tree_.sweep();
    if (!swept.failed.empty()) return swept.failed.front();
    return Verdict::undone;
}

Result<std::optional<std::string>> abandon_network_trial(store::Policies& policies) {
    const auto* marks = policies.at(before_root);
    if (marks == nullptr || marks->empty()) return std::optional<std::string>();
    std::string authority = marks->front().authority;
    if (auto back = bring_back(policies); !back) return std::move(back).error();
    return std::optional(std::move(authority));
}

Outcome report_network_undone(store::Outbox& outbox, audit::Log& log, const std::string& account) {
    const std::string sentence =
        "The network was changed back, because the server could not be reached after it had been changed.";
    store::Alert alert;
    alert.account = account;
    alert.type = network_undone_alert;
    alert.format = "chr";
    alert.mark = "warning";
    alert.source = network_roots[0];
    alert.data = sentence;
    if (auto queued = outbox.add(std::move(alert)); !queued) return std::move(queued).error();
    audit::Entry entry;
    entry.kind = "repair";
    entry.authority = account;
    entry.subject = network_roots[0];
    entry.outcome = "undone: " + sentence;
    return log.append({std::move(entry)});
}

}  // namespace steward::app

#include "agent/schedule/roster.h"

#include <algorithm>

namespace steward::schedule {
namespace {

using std::chrono::seconds;

}  // namespace

void Roster::wish(const std::string& account, const std::string& why, Instant now) {
    auto& state = states_[account];
    if (!state.wish || state.wish->at > now) state.wish = Turn{account, now, why, true};
}

void Roster::nudge(const std::string& account, const std::string& why, Instant now) {
    auto& state = states_[account];
    if (state.wish) return;  // one session answers any number of pushes
    const auto since = state.pushes_at && *state.pushes_at <= now ? now - *state.pushes_at : seconds(0);
    state.pushes = std::min(burst, state.pushes + static_cast<double>(since.count()) / refill.count());
    state.pushes_at = now;
    auto at = now;
    if (state.pushes < 1) at += seconds(static_cast<std::int64_t>((1 - state.pushes) * refill.count()) + 1);
    state.pushes -= 1;
    state.wish = Turn{account, at, why, true};
}

void Roster::network_changed(Instant now) {
    for (auto& [account, state] : states_) {
        if (state.failures == 0 || !state.no_network) continue;
        const auto soon = now + seconds(2 + static_cast<std::int64_t>(std::hash<std::string>{}(account) % 4));
        if (!state.retry || *state.retry > soon) state.retry = soon;
    }
}

void Roster::began(const std::string& account, Instant now) {
    auto& state = states_[account];
    state.wish.reset();
    state.retry.reset();
    state.tried = now;
}

void Roster::succeeded(const std::string& account) {
    auto& state = states_[account];
    state.failures = 0;
    state.no_network = false;
}

void Roster::failed(const std::string& account, const transport::Failure& failure, const transport::RetryPolicy& policy,
                    Instant now, double random) {
    auto& state = states_[account];
    ++state.failures;
    state.no_network = failure.fault.has_value() && transport::passing(failure);
    state.retry.reset();
    if (const auto wait = transport::next_wait(policy, state.failures, failure, random)) {
        state.retry = now + std::max(std::chrono::ceil<seconds>(*wait), seconds(1));
    }
}

std::int64_t Roster::failures(const std::string& account) const {
    const auto found = states_.find(account);
    return found == states_.end() ? 0 : found->second.failures;
}

std::vector<Turn> Roster::turns(std::span<const Member> members, Instant now) const {
    std::vector<Turn> turns;
    for (const auto& member : members) {
        const auto found = states_.find(member.account);
        const State state = found == states_.end() ? State{} : found->second;
        auto facts = member.facts;
        facts.now = now;
        if (state.tried) facts.last = std::max(facts.last.value_or(*state.tried), *state.tried);

        Turn turn{member.account, now, {}, false};
        if (member.leaving) {
            turn.at = state.tried ? *state.tried + farewell_step : now;
            turn.why = "its server is to be told that it has left";
        } else {
            const auto due = next_session(member.poll, facts);
            turn.at = due.at;
            turn.why = due.why;
            const bool patient = !facts.last || now - std::min(*facts.last, now) < longest_hold;
            if (member.hold && turn.at <= now && patient && facts.last) {
                turn.at = now + hold_step;
                turn.why = "waits for power or a network without a meter";
            }
        }
        if (state.retry && *state.retry < turn.at) {
            turn.at = *state.retry;
            turn.why = "try " + std::to_string(state.failures + 1) + " after a failure";
        }
        if (state.wish && state.wish->at <= turn.at) turn = *state.wish;
        turn.at = std::max(turn.at, now);
        turns.push_back(std::move(turn));
    }
    std::stable_sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) { return a.at < b.at; });
    return turns;
}

}  // namespace steward::schedule

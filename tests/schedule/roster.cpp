#include "agent/schedule/roster.h"

#include <gtest/gtest.h>

namespace steward::schedule {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Instant t0{seconds(1'800'000'000)};

Member member(const std::string& account = "corp") {
    Member made;
    made.account = account;
    made.poll.stages = {{{60, 0}, {0, 0}, {0, 0}}};
    made.facts = {t0, t0, t0, 0, minutes(1), false};
    return made;
}

Turn next(const Roster& roster, const Member& of, Instant now) {
    const auto turns = roster.turns({&of, 1}, now);
    return turns.front();
}

transport::Failure no_connection() {
    transport::Failure failure;
    failure.fault = Fault::io;
    return failure;
}

TEST(Roster, AWishIsDueAtOnceAndFulfilledByTheNextSession) {
    Roster roster;
    EXPECT_EQ(next(roster, member(), t0).at, t0 + hours(1));
    roster.wish("corp", "somebody asked", t0 + seconds(5));
    EXPECT_EQ(next(roster, member(), t0 + seconds(5)).at, t0 + seconds(5));
    EXPECT_TRUE(next(roster, member(), t0 + seconds(5)).urgent);
    roster.began("corp", t0 + seconds(5));
    EXPECT_EQ(next(roster, member(), t0 + seconds(6)).at, t0 + hours(1));
}

TEST(Roster, TRG_04_F26_retries_follow_the_accounts_policy_and_then_the_schedule) {
    Roster roster;
    const transport::RetryPolicy policy{2, seconds(100), hours(1)};
    roster.began("corp", t0);
    roster.failed("corp", no_connection(), policy, t0, 1.0);
    EXPECT_EQ(next(roster, member(), t0).at, t0 + seconds(100));
    roster.began("corp", t0 + seconds(100));
    roster.failed("corp", no_connection(), policy, t0 + seconds(100), 1.0);
    EXPECT_EQ(next(roster, member(), t0 + seconds(100)).at, t0 + seconds(300));
    roster.began("corp", t0 + seconds(300));
    roster.failed("corp", no_connection(), policy, t0 + seconds(300), 1.0);
    EXPECT_EQ(next(roster, member(), t0 + seconds(300)).at, t0 + hours(1)) << "no third retry";
    EXPECT_EQ(roster.failures("corp"), 3);
    roster.succeeded("corp");
    EXPECT_EQ(roster.failures("corp"), 0);
}

TEST(Roster, TRG_04_F26_retry_after_of_a_busy_server_is_waited_for) {
    Roster roster;
    transport::Failure busy;
    busy.status = 429;
    busy.retry_after = seconds(900);
    roster.began("corp", t0);
    roster.failed("corp", busy, {3, seconds(16), hours(24)}, t0, 0.0);
    EXPECT_EQ(next(roster, member(), t0).at, t0 + seconds(900));
}

TEST(Roster, WhatTimeCannotHealIsNotTriedBeforeTheSchedule) {
    Roster roster;
    transport::Failure untrusted;
    untrusted.fault = Fault::denied;
    roster.began("corp", t0);
    roster.failed("corp", untrusted, {3, seconds(16), hours(24)}, t0, 0.5);
    roster.network_changed(t0 + seconds(1));
    EXPECT_EQ(next(roster, member(), t0 + seconds(1)).at, t0 + hours(1));
}

TEST(Roster, ANetworkThatComesUpEndsTheWaitOfAFailedSessionOnly) {
    Roster roster;
    roster.network_changed(t0);
    EXPECT_EQ(next(roster, member(), t0).at, t0 + hours(1));
    roster.began("corp", t0);
    roster.failed("corp", no_connection(), {3, hours(1), hours(24)}, t0, 1.0);
    roster.network_changed(t0 + seconds(10));
    EXPECT_LE(next(roster, member(), t0 + seconds(10)).at, t0 + seconds(20));
}

TEST(Roster, PushesAreFollowedAtOnceInABurstAndSlowedDownBeyondIt) {
    Roster roster;
    auto now = t0;
    for (int i = 0; i < static_cast<int>(Roster::burst); ++i) {
        roster.nudge("corp", "push", now);
        EXPECT_EQ(next(roster, member(), now).at, now) << i;
        roster.began("corp", now);
    }
    roster.nudge("corp", "push", now);
    EXPECT_GT(next(roster, member(), now).at, now + seconds(20));
    roster.began("corp", now);
    now += hours(2);
    roster.nudge("corp", "push", now);
    EXPECT_EQ(next(roster, member(), now).at, now) << "calm refills it";
}

TEST(Roster, ManyPushesBeforeASessionAreOne) {
    Roster roster;
    for (int i = 0; i < 100000; ++i) roster.nudge("corp", "push", t0);
    roster.began("corp", t0);
    roster.nudge("corp", "push", t0);
    EXPECT_EQ(next(roster, member(), t0).at, t0);
}

TEST(Roster, ScarcePowerHoldsBackThePollButNotAWishAndNotForEver) {
    Roster roster;
    auto held = member();
    held.hold = true;
    EXPECT_EQ(next(roster, held, t0 + hours(2)).at, t0 + hours(2) + Roster::hold_step);
    EXPECT_EQ(next(roster, held, t0 + Roster::longest_hold).at, t0 + Roster::longest_hold);
    roster.wish("corp", "asked", t0 + hours(2));
    EXPECT_EQ(next(roster, held, t0 + hours(2)).at, t0 + hours(2));
}

TEST(Roster, AnAccountThatLeavesIsTriedHourly) {
    Roster roster;
    auto gone = member();
    gone.leaving = true;
    EXPECT_EQ(next(roster, gone, t0).at, t0);
    roster.began("corp", t0);
    EXPECT_EQ(next(roster, gone, t0).at, t0 + Roster::farewell_step);
}

TEST(Roster, ASessionThatLeftNoTraceIsNotTriedInALoop) {
    Roster roster;
    auto fresh = member();
    fresh.facts.last.reset();
    EXPECT_EQ(next(roster, fresh, t0).at, t0);
    roster.began("corp", t0);
    EXPECT_GT(next(roster, fresh, t0).at, t0);
}

TEST(Roster, TheSoonestComesFirst) {
    Roster roster;
    auto slow = member("slow");
    slow.poll.stages[0].minutes = 600;
    const std::vector members{slow, member("quick")};
    const auto turns = roster.turns(members, t0);
    ASSERT_EQ(turns.size(), 2u);
    EXPECT_EQ(turns[0].account, "quick");
    roster.wish("slow", "asked", t0);
    EXPECT_EQ(roster.turns(members, t0)[0].account, "slow");
}

}  // namespace
}  // namespace steward::schedule

#include "agent/store/outbox.h"

#include <gtest/gtest.h>

#include "agent/store/agenda.h"
#include "agent/store/database.h"
#include "tests/support/temporary_directory.h"

namespace steward::store {
namespace {

Alert alert(std::string account, std::string data, std::string mark = {}) {
    Alert made;
    made.account = std::move(account);
    made.data = std::move(data);
    made.mark = std::move(mark);
    return made;
}

TEST(Outbox, KeepsAlertsInOrderAcrossRestartsUntilTheyAreTaken) {
    FixedClock clock;
    test::TemporaryDirectory scratch;
    {
        auto database = Database::open(scratch.below("/db").string());
        ASSERT_TRUE(database);
        Outbox outbox(clock, **database);
        ASSERT_TRUE(outbox.add(alert("corp", "1")));
        ASSERT_TRUE(outbox.add(alert("other", "x")));
        ASSERT_TRUE(outbox.add(alert("corp", "2")));
    }
    auto database = Database::open(scratch.below("/db").string());
    ASSERT_TRUE(database);
    Outbox outbox(clock, **database);
    auto waiting = outbox.waiting("corp");
    ASSERT_TRUE(waiting);
    ASSERT_EQ(waiting->size(), 2u);
    EXPECT_EQ((*waiting)[0].data, "1");
    ASSERT_TRUE(outbox.taken({(*waiting)[0].id}));
    ASSERT_TRUE(outbox.taken({(*waiting)[0].id, 4711}));
    waiting = outbox.waiting("corp");
    ASSERT_EQ(waiting->size(), 1u);
    EXPECT_EQ((*waiting)[0].data, "2");
    ASSERT_TRUE(outbox.clear("corp"));
    EXPECT_TRUE(outbox.waiting("corp")->empty());
    EXPECT_EQ(outbox.waiting("other")->size(), 1u);
}

TEST(Outbox, AnIdIsNeverUsedTwice) {
    FixedClock clock;
    auto database = Database::in_memory();
    ASSERT_TRUE(database);
    Outbox outbox(clock, **database);
    const auto first = outbox.add(alert("corp", "1"));
    ASSERT_TRUE(outbox.taken({*first}));
    EXPECT_GT(*outbox.add(alert("corp", "2")), *first) << "a late acknowledgement must not hit a new alert";
}

TEST(Outbox, WhatAServerKeepsRefusingGoesInTheEnd) {
    FixedClock clock;
    auto database = Database::in_memory();
    Outbox outbox(clock, **database);
    const auto id = outbox.add(alert("corp", "1"));
    for (int i = 1; i < Outbox::most_refusals; ++i) {
        ASSERT_TRUE(outbox.refused({*id}));
        ASSERT_EQ(outbox.waiting("corp")->size(), 1u) << i;
    }
    ASSERT_TRUE(outbox.refused({*id}));
    EXPECT_TRUE(outbox.waiting("corp")->empty());
}

TEST(Outbox, AFullOneDropsTheOldestThatIsNotCritical) {
    FixedClock clock;
    auto database = Database::in_memory();
    Outbox outbox(clock, **database);
    ASSERT_TRUE(outbox.add(alert("corp", "critical one", "critical")));
    for (std::size_t i = 0; i < Outbox::most_waiting + 5; ++i) {
        ASSERT_TRUE(outbox.add(alert("corp", std::to_string(i))));
    }
    const auto waiting = outbox.waiting("corp");
    ASSERT_EQ(waiting->size(), Outbox::most_waiting);
    EXPECT_EQ(waiting->front().data, "critical one");
    EXPECT_EQ((*waiting)[1].data, "6");
}

TEST(Agenda, HoldsWhatWasPlannedLastAndWritesNothingTwice) {
    auto database = Database::in_memory();
    Agenda agenda(**database);
    ASSERT_TRUE(agenda.plan({{"b", 20, "poll"}, {"a", 10, "retry"}}));
    const auto commits = (*database)->durable_commits();
    ASSERT_TRUE(agenda.plan({{"a", 10, "retry"}, {"b", 20, "poll"}}));
    EXPECT_EQ((*database)->durable_commits(), commits);
    const auto planned = agenda.planned();
    ASSERT_EQ(planned->size(), 2u);
    EXPECT_EQ((*planned)[0].account, "a");
    EXPECT_EQ((*planned)[1].at, 20);
    ASSERT_TRUE(agenda.plan({}));
    EXPECT_TRUE(agenda.planned()->empty());
}

TEST(Agenda, AUserSignsInForTheFirstTimeOnce) {
    auto database = Database::in_memory();
    Agenda agenda(**database);
    EXPECT_TRUE(*agenda.first_login("ann"));
    EXPECT_FALSE(*agenda.first_login("ann"));
    EXPECT_TRUE(*agenda.first_login("bob"));
}

}  // namespace
}  // namespace steward::store

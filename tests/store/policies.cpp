#include "agent/store/policies.h"

#include <gtest/gtest.h>

#include <random>

#include "agent/store/database.h"
#include "tests/support/temporary_directory.h"

namespace steward::store {
namespace {

Row row(const std::string& authority, const std::string& data) {
    Row made;
    made.authority = authority;
    made.data = data;
    made.session = "7";
    return made;
}

struct PoliciesTest : testing::Test {
    FixedClock clock;
    test::TemporaryDirectory scratch;
    std::unique_ptr<Database> database = std::move(*Database::open(scratch.below("/db").string()));
    Policies policies{clock, database.get()};

    std::map<std::string, Rows, std::less<>> reloaded() {
        Policies fresh(clock, database.get());
        EXPECT_TRUE(fresh.load());
        return fresh.all();
    }
};

TEST_F(PoliciesTest, CommittedRowsComeBack) {
    clock.time = Instant(std::chrono::seconds(1000));
    policies.put("./A/B", row("corp", "1"));
    policies.put("./A/B", row("sec", "2"));
    EXPECT_TRUE(reloaded().empty());
    ASSERT_TRUE(policies.commit());
    const auto rows = reloaded();
    ASSERT_EQ(rows.at("./A/B").size(), 2u);
    EXPECT_EQ(policies.at("./A/B", "sec")->data, "2");
    EXPECT_EQ(policies.at("./A/B", "sec")->time, 1000);
    EXPECT_EQ(policies.at("./A/B", "other"), nullptr);
}

TEST_F(PoliciesTest, RollbackBringsEveryRowBack) {
    std::mt19937 random(42);
    const auto pick = [&](unsigned many) { return std::to_string(random() % many); };
    for (int round = 0; round < 200; ++round) {
        policies.put("./A/" + pick(5), row(pick(2), pick(9)));
        const auto mark = policies.mark();
        std::map<std::string, std::string> before;
        for (const auto& [uri, rows] : policies.all()) {
            for (const auto& each : rows) before[uri + "|" + each.authority] = each.data;
        }
        for (int change = 0; change < 10; ++change) {
            if (random() % 3 == 0) {
                policies.remove("./A/" + pick(5), pick(2));
            } else {
                policies.put("./A/" + pick(5), row(pick(2), pick(9)));
            }
        }
        policies.rollback(mark);
        std::map<std::string, std::string> after;
        for (const auto& [uri, rows] : policies.all()) {
            for (const auto& each : rows) after[uri + "|" + each.authority] = each.data;
        }
        ASSERT_EQ(before, after) << "round " << round;
    }
}

TEST_F(PoliciesTest, BelowVisitsDescendantsOnly) {
    for (const char* uri : {"./A", "./A/B", "./A/B/C", "./A-B", "./AB"}) policies.put(uri, row("corp", ""));
    std::vector<std::string> seen;
    policies.below("./A", [&](const std::string& uri, const Rows&) {
        seen.push_back(uri);
        return true;
    });
    EXPECT_EQ(seen, (std::vector<std::string>{"./A/B", "./A/B/C"}));
    EXPECT_TRUE(policies.any_below("./A", "corp"));
    EXPECT_FALSE(policies.any_below("./A", "sec"));
    EXPECT_FALSE(policies.any_below("./AB", ""));
}

TEST_F(PoliciesTest, HistoryTellsEachCommittedChangeOnce) {
    policies.put("./A", row("corp", "1"));
    policies.put("./A", row("corp", "2"));  // a step on the way, never durable
    ASSERT_TRUE(policies.commit());
    policies.put("./A", row("corp", "2"));  // the same again is no event
    ASSERT_TRUE(policies.commit());
    policies.remove("./A", "corp");
    ASSERT_TRUE(policies.commit());
    const auto events = policies.history("./A");
    ASSERT_TRUE(events);
    ASSERT_EQ(events->size(), 2u);
    EXPECT_EQ((*events)[0].before, std::nullopt);
    EXPECT_EQ((*events)[0].after, "2");
    EXPECT_EQ((*events)[1].before, "2");
    EXPECT_EQ((*events)[1].after, std::nullopt);
}

TEST_F(PoliciesTest, HistoryIsBoundedAndHidesSecrets) {
    for (int i = 0; i < 120; ++i) {
        auto secret = row("corp", "password" + std::to_string(i));
        secret.secret = true;
        policies.put("./A", std::move(secret));
        ASSERT_TRUE(policies.commit());
    }
    const auto events = policies.history("./A");
    ASSERT_TRUE(events);
    EXPECT_EQ(events->size(), 50u);
    for (const auto& event : *events) EXPECT_EQ(event.after, "(secret)");
}

TEST_F(PoliciesTest, OriginalsAreDurableBeforeTheCommit) {
    policies.remember("./A", "vendor");
    policies.remember("./A", "later");  // the first one counts
    policies.remember("./B", std::nullopt);
    ASSERT_TRUE(policies.secure());
    Policies fresh(clock, database.get());
    ASSERT_TRUE(fresh.load());
    EXPECT_EQ(fresh.original("./A")->data, "vendor");
    EXPECT_EQ(fresh.original("./B")->data, std::nullopt);
    policies.forget("./A");
    ASSERT_TRUE(policies.commit());
    Policies last(clock, database.get());
    ASSERT_TRUE(last.load());
    EXPECT_EQ(last.original("./A"), nullptr);
}

TEST_F(PoliciesTest, FailedCommitLeavesRowsAsTheyWere) {
    policies.put("./A", row("corp", "1"));
    ASSERT_TRUE(policies.commit());
    ASSERT_TRUE(database->run("DROP TABLE history"));
    policies.put("./A", row("corp", "2"));
    policies.put("./B", row("corp", "1"));
    EXPECT_FALSE(policies.commit());
    EXPECT_EQ(policies.at("./A", "corp")->data, "1");
    EXPECT_EQ(policies.at("./B"), nullptr);
    EXPECT_EQ(reloaded().size(), 1u);
}

TEST_F(PoliciesTest, OneCommitForManyRows) {
    for (int i = 0; i < 200; ++i) policies.put("./A/" + std::to_string(i), row("corp", "1"));
    ASSERT_TRUE(policies.commit());
    EXPECT_EQ(database->durable_commits(), 1u);
}

}  // namespace
}  // namespace steward::store

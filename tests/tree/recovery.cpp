// Death at any moment, drift, and a database behind the tree.
#include <gtest/gtest.h>

#include "agent/store/database.h"
#include "tests/support/temporary_directory.h"
#include "tests/tree/device.h"

namespace steward::tree {
namespace {

using State = Answer::State;

struct RecoveryTest : testing::Test {
    test::TemporaryDirectory scratch;
    std::unique_ptr<store::Database> database = std::move(*store::Database::open(scratch.below("/db").string()));
    Device device{database.get()};
};

TEST_F(RecoveryTest, CommittedSettingsSurviveARestart) {
    (void)device.run({replace(lock_uri + "Length", "9"), add("./Vendor2/Title", "t")});
    device.lock.managed = {};  // somebody took the file away meanwhile
    device.restart(database.get());
    const auto sweep = device.tree->sweep();
    ASSERT_EQ(sweep.repaired.size(), 1u);
    EXPECT_EQ(sweep.repaired[0].uri, lock_uri + "Length");
    EXPECT_EQ(sweep.repaired[0].device, "8");
    EXPECT_EQ(device.lock.managed.length, 9);
    EXPECT_EQ(device.data("./Vendor2/Title"), "t");
    EXPECT_TRUE(device.tree->sweep().repaired.empty());
}

TEST_F(RecoveryTest, ATO_06_SES_16_UncommittedWriteDisappears) {
    (void)device.run({replace(lock_uri + "Length", "9")});
    // The process dies between the write and the commit: the device is ahead of the rows.
    struct Died {};
    device.lock.refuse = [&](const Lock& wanted) -> Outcome {
        device.lock.managed = wanted;
        throw Died();
    };
    EXPECT_THROW((void)device.atomic({replace(lock_uri + "Length", "12"), replace(lock_uri + "History", "5")}), Died);
    EXPECT_EQ(device.lock.managed.history, 5);
    device.lock.refuse = nullptr;
    device.restart(database.get());
    (void)device.tree->sweep();
    EXPECT_EQ(device.lock.managed.length, 9);
    EXPECT_EQ(device.lock.managed.history, std::nullopt);
    EXPECT_EQ(device.policies->originals().size(), 1u);
}

TEST_F(RecoveryTest, WhatIsContestedIsLeftAndTheRestIsRepaired) {
    (void)device.run({replace(lock_uri + "Length", "9"), add("./Vendor2/Title", "t")});
    device.lock.managed.length = 5;
    const auto sweep = device.tree->sweep({lock_uri + "Length"});
    EXPECT_TRUE(sweep.repaired.empty());
    ASSERT_EQ(sweep.contested.size(), 1u);
    EXPECT_EQ(sweep.contested[0].device, "5");
    EXPECT_EQ(device.lock.managed.length, 5);
    EXPECT_EQ(device.tree->sweep({"./Vendor2/Title"}).repaired.size(), 1u);
    EXPECT_EQ(device.lock.managed.length, 9);
}

TEST_F(RecoveryTest, DriftIsSeenAndRepaired) {
    (void)device.run({replace(lock_uri + "Length", "9")});
    device.lock.managed.length = 5;
    const auto drift = device.tree->drift();
    ASSERT_TRUE(drift);
    ASSERT_EQ(drift->size(), 1u);
    EXPECT_EQ((*drift)[0].device, "5");
    EXPECT_EQ((*drift)[0].desired, "9");
    EXPECT_EQ(device.lock.managed.length, 5);
    (void)device.tree->sweep();
    EXPECT_EQ(device.lock.managed.length, 9);
}

TEST_F(RecoveryTest, TwoHundredSettingsAreAFewCommitsAndOneWrite) {
    std::vector<Operation> operations;
    for (int i = 0; i < 200; ++i)
        operations.push_back(replace(lock_uri + (i % 2 ? "Length" : "History"), std::to_string(4 + i % 10)));
    const auto before = database->durable_commits();
    (void)device.run(operations);
    EXPECT_LE(database->durable_commits() - before, 10u);
    EXPECT_EQ(device.lock.writes, 1);
}

TEST_F(RecoveryTest, CommitFailureIsNoSuccessAndUndoesTheDevice) {
    (void)device.run({replace(lock_uri + "Length", "9")});
    ASSERT_TRUE(database->run("ALTER TABLE history RENAME TO elsewhere"));
    auto answer = device.one(replace(lock_uri + "Length", "12"));
    EXPECT_EQ(answer.state, State::failed);
    EXPECT_EQ(answer.error.fault, Fault::store);
    EXPECT_EQ(device.lock.managed.length, 9);
    const auto answers = device.atomic({replace(lock_uri + "Length", "12")});
    EXPECT_EQ(answers[0].state, State::failed);
    EXPECT_EQ(device.lock.managed.length, 9);
}

TEST_F(RecoveryTest, ActionsLeaveARecord) {
    (void)device.one(exec("./Vendor2/Ring"));
    (void)device.one(exec("./Vendor2/Break"));
    const auto records = device.actions->latest(5);
    ASSERT_TRUE(records);
    ASSERT_EQ(records->size(), 2u);
    EXPECT_EQ((*records)[0].outcome, "failed");
    EXPECT_EQ((*records)[0].sentence, "it broke");
    EXPECT_EQ((*records)[1].outcome, "done");
}

TEST_F(RecoveryTest, HistoryIsTold) {
    (void)device.run({replace(lock_uri + "Length", "9")});
    (void)device.run({replace(lock_uri + "Length", "10")});
    const auto why = device.tree->why(lock_uri + "Length");
    ASSERT_TRUE(why);
    ASSERT_EQ(why->history.size(), 2u);
    EXPECT_EQ(why->history[1].before, "9");
    EXPECT_EQ(why->history[1].after, "10");
}

}  // namespace
}  // namespace steward::tree

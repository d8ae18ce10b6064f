// Another management of the same device: what it has set is left to it.
#include <gtest/gtest.h>

#include "agent/store/database.h"
#include "tests/support/temporary_directory.h"
#include "tests/tree/device.h"

namespace steward::tree {
namespace {

using State = Answer::State;

struct OwnersTest : testing::Test {
    test::TemporaryDirectory scratch;
    std::unique_ptr<store::Database> database = std::move(*store::Database::open(scratch.below("/db").string()));
    Device device{database.get()};

    // As Windows spells it, which is not always as it is declared.
    void taken() { device.restart(database.get(), {{"./device/vendor/msft/policy/config/LOCK/length", "Corp MDM"}}); }
};

TEST_F(OwnersTest, WhatAnotherHasSetIsRefusedWithItsNameAndTheRestOfTheRecordIsObeyed) {
    taken();
    device.lock.vendor.length = 6;
    const auto answers = device.run({replace(lock_uri + "Length", "9"), replace(lock_uri + "History", "5")});
    EXPECT_EQ(answers[0].state, State::failed);
    EXPECT_EQ(answers[0].error.fault, Fault::denied);
    EXPECT_NE(answers[0].error.what.find("\"Corp MDM\""), std::string::npos);
    EXPECT_EQ(answers[1].state, State::done);
    EXPECT_EQ(device.lock.managed.length, std::nullopt);
    EXPECT_EQ(device.lock.managed.history, 5);
    EXPECT_EQ(device.policies->at(lock_uri + "Length"), nullptr);
}

TEST_F(OwnersTest, AnAtomicThatNamesItIsRefusedAsAWhole) {
    taken();
    const auto answers = device.atomic({replace(lock_uri + "History", "5"), replace(lock_uri + "Length", "9")});
    EXPECT_EQ(answers[0].state, State::undone);
    EXPECT_EQ(answers[1].error.fault, Fault::denied);
    EXPECT_EQ(device.lock.managed.history, std::nullopt);
}

TEST_F(OwnersTest, WhatWasOursBeforeIsLeftAsTheOtherMadeItAndIsNoFailure) {
    (void)device.run({replace(lock_uri + "Length", "9"), replace(lock_uri + "History", "5")});
    taken();
    device.lock.managed.length = 5;
    const int writes = device.lock.writes;
    const auto sweep = device.tree->sweep();
    ASSERT_EQ(sweep.contested.size(), 1U);
    EXPECT_EQ(sweep.contested[0].uri, lock_uri + "Length");
    EXPECT_TRUE(sweep.repaired.empty());
    EXPECT_TRUE(sweep.failed.empty());
    device.lock.managed.length = 14;  // stricter than we want it
    EXPECT_TRUE(device.tree->sweep().failed.empty());
    EXPECT_EQ(device.one(replace(lock_uri + "History", "6")).error.fault, Fault::denied) << "it would be written along";
    EXPECT_EQ(device.lock.writes, writes);
}

TEST_F(OwnersTest, AWishOfOursCanStillBeTakenBack) {
    (void)device.run({replace(lock_uri + "Length", "9"), replace(lock_uri + "History", "5")});
    taken();
    EXPECT_EQ(device.one({Verb::erase, lock_uri + "Length", {}, {}, {}, {}}).state, State::done);
    EXPECT_EQ(device.one(replace(lock_uri + "History", "6")).state, State::done);
    EXPECT_TRUE(device.tree->release("corp"));
    EXPECT_TRUE(device.policies->all().empty());
}

TEST_F(OwnersTest, APlanSaysThatItWouldBeRefused) {
    taken();
    const auto plan = device.tree->plan({"corp", "1"}, std::vector{replace(lock_uri + "Length", "9")});
    EXPECT_TRUE(plan.differences.empty());
    ASSERT_EQ(plan.answers.size(), 2U);
    EXPECT_EQ(plan.answers[1].error.fault, Fault::denied);
}

TEST_F(OwnersTest, WhatIsNotDeclaredHereIsNobodysConcern) {
    device.restart(database.get(), {{"./Device/Vendor/MSFT/Policy/Config/Camera/AllowCamera", "Corp MDM"}});
    EXPECT_TRUE(device.tree->owners().empty());
    EXPECT_EQ(device.one(replace(lock_uri + "Length", "9")).state, State::done);
}

}  // namespace
}  // namespace steward::tree

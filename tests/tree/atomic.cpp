// All or nothing.
#include <gtest/gtest.h>

#include "tests/tree/device.h"

namespace steward::tree {
namespace {

using State = Answer::State;

TEST(Atomic, ATO_01_AllSucceed) {
    Device device;
    const auto answers = device.atomic(
        {replace(lock_uri + "Length", "9"), replace(lock_uri + "History", "3"), add("./Vendor2/Title", "t")});
    for (const auto& answer : answers) EXPECT_EQ(answer.state, State::done);
    EXPECT_EQ(device.lock.managed.length, 9);
    EXPECT_EQ(device.lock.writes, 1);
}

TEST(Atomic, ATO_02_InvalidCommandUndoesAll) {
    Device device;
    (void)device.one(replace(lock_uri + "Length", "7"));
    const int writes = device.lock.writes;
    const auto answers = device.atomic({replace(lock_uri + "Length", "9"), add("./Vendor2/Title", "t"),
                                        erase("./Vendor2/Strict"), replace(lock_uri + "History", "3")});
    EXPECT_EQ(answers[0].state, State::undone);
    EXPECT_EQ(answers[1].state, State::undone);
    EXPECT_EQ(answers[2].state, State::failed);
    EXPECT_EQ(answers[2].error.fault, Fault::not_found);
    EXPECT_EQ(answers[3].state, State::not_run);
    EXPECT_EQ(device.lock.managed.length, 7);
    EXPECT_EQ(device.lock.writes, writes);  // found before anything was applied
    EXPECT_EQ(device.policies->at("./Vendor2/Title"), nullptr);
}

TEST(Atomic, ATO_02_F13_FailedWriteUndoesAll) {
    Device device;
    (void)device.one(replace(lock_uri + "Length", "7"));
    device.lock.refuse = [](const Lock& wanted) -> Outcome {
        if (wanted.history == 3) return Error{Fault::io, "disk trouble", {}};
        return {};
    };
    const auto answers = device.atomic({add("./Vendor/MSFT/Profiles/p/Text", "x"), replace(lock_uri + "Length", "9"),
                                        replace(lock_uri + "History", "3"), replace(lock_uri + "Simple", "0")});
    EXPECT_EQ(answers[0].state, State::undone);
    EXPECT_EQ(answers[1].state, State::undone);
    EXPECT_EQ(answers[2].state, State::failed);
    EXPECT_EQ(answers[2].error.what, "disk trouble");
    EXPECT_EQ(answers[3].state, State::not_run);
    EXPECT_EQ(device.lock.managed.length, 7);
    EXPECT_EQ(device.lock.managed.history, std::nullopt);
    EXPECT_TRUE(device.profiles.rows.empty());
}

TEST(Atomic, F13_WhatCannotBeUndoneIsSaid) {
    Device device;
    int calls = 0;
    device.lock.refuse = [&](const Lock&) -> Outcome {
        // The first write works; from then on the device refuses everything, undoing included.
        if (++calls == 1) return {};
        return Error{Fault::io, "gone bad", {}};
    };
    const auto answers = device.atomic({replace(lock_uri + "Length", "9"), exec("./Vendor2/Break")});
    EXPECT_EQ(answers[0].state, State::not_undone);
    EXPECT_EQ(answers[1].state, State::failed);
}

TEST(Atomic, ATO_05_AddAndReplaceOfOneNodeIsRefused) {
    Device device;
    const auto answers = device.atomic({add("./Vendor2/Title", "a"), replace("./Vendor2/Title", "b")});
    EXPECT_EQ(answers[1].state, State::failed);
    EXPECT_EQ(device.policies->at("./Vendor2/Title"), nullptr);
}

TEST(Atomic, ActionsRunAfterTheSettings) {
    Device device;
    auto answers = device.atomic({exec("./Vendor2/Ring"), replace(lock_uri + "Length", "9")});
    EXPECT_EQ(answers[0].state, State::done);
    EXPECT_EQ(device.lock.managed.length, 9);
    answers = device.atomic({replace(lock_uri + "Length", "10"), exec("./Vendor2/Break")});
    EXPECT_EQ(answers[0].state, State::undone);
    EXPECT_EQ(answers[1].state, State::failed);
    EXPECT_EQ(device.lock.managed.length, 9);
}

TEST(Atomic, EmptyIsFine) {
    Device device;
    EXPECT_TRUE(device.atomic({}).empty());
}

}  // namespace
}  // namespace steward::tree

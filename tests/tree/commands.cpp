// The commands outside Atomic, one by one and in batches.
#include <gtest/gtest.h>

#include "tests/tree/device.h"

namespace steward::tree {
namespace {

using State = Answer::State;

Fault fault(const Answer& answer) {
    EXPECT_EQ(answer.state, State::failed);
    return answer.error.fault;
}

TEST(Commands, ADD_01_LeafIsReadableAtOnce) {
    Device device;
    EXPECT_EQ(device.one(add(lock_uri + "Length", "10", "int")).state, State::done);
    EXPECT_EQ(device.data(lock_uri + "Length"), "10");
    EXPECT_EQ(device.lock.managed.length, 10);
}

TEST(Commands, ADD_02_ExistingIsRefusedAndUnchanged) {
    Device device;
    (void)device.one(add(lock_uri + "Length", "10"));
    EXPECT_EQ(fault(device.one(add(lock_uri + "Length", "12"))), Fault::exists);
    EXPECT_EQ(device.lock.managed.length, 10);
}

TEST(Commands, ADD_03_ParentsAreCreated) {
    Device device;
    EXPECT_EQ(device.one(add("./Vendor2/Account/a%20b/Name", "x")).state, State::done);
    EXPECT_EQ(device.data("./Vendor2/Account"), "a%20b");
    EXPECT_EQ(device.data("./Vendor2/Account/a%20b"), "Name");
}

TEST(Commands, ADD_04_InteriorNodes) {
    Device device;
    Operation interior{Verb::add, "./Vendor2/Account/x", {}, "node", {}, {}};
    EXPECT_EQ(device.one(interior).state, State::done);
    EXPECT_EQ(fault(device.one(interior)), Fault::exists);
    EXPECT_EQ(device.data("./Vendor2/Account/x"), "");
}

TEST(Commands, ADD_06_WhereNothingCanBeAdded) {
    Device device;
    EXPECT_EQ(fault(device.one(add("./Vendor2/Fixed", "1"))), Fault::refused);
    EXPECT_EQ(fault(device.one(add("./Vendor2/Title/Below", "1"))), Fault::refused);
    EXPECT_EQ(fault(device.one(add("./Nowhere/X", "1"))), Fault::not_found);
}

TEST(Commands, REP_01_02_ReplaceSetsAndCreatesUnlessStrict) {
    Device device;
    EXPECT_EQ(device.one(replace(lock_uri + "Length", "9")).state, State::done);
    EXPECT_EQ(device.one(replace(lock_uri + "Length", "11")).state, State::done);
    EXPECT_EQ(device.data(lock_uri + "Length"), "11");
    EXPECT_EQ(fault(device.one(replace("./Vendor2/Strict", "x"))), Fault::not_found);
}

TEST(Commands, REP_03_InteriorIsRefused) {
    Device device;
    EXPECT_EQ(fault(device.one(replace("./Vendor2/Account", "x"))), Fault::refused);
}

TEST(Commands, REP_04_WrongFormatKeepsTheOldValue) {
    Device device;
    (void)device.one(replace(lock_uri + "Length", "9"));
    EXPECT_EQ(fault(device.one(replace(lock_uri + "Length", "9", "b64"))), Fault::format);
    EXPECT_EQ(fault(device.one(replace(lock_uri + "Length", "9", "nonsense"))), Fault::format);
    EXPECT_EQ(fault(device.one(replace(lock_uri + "Length", "17", "int"))), Fault::invalid);
    EXPECT_EQ(fault(device.one(replace(lock_uri + "Length", "x"))), Fault::invalid);
    EXPECT_EQ(fault(device.one({Verb::replace, lock_uri + "Length", {}, {}, {}, {}})), Fault::incomplete);
    EXPECT_EQ(device.lock.managed.length, 9);
}

TEST(Commands, REP_05_EmptyTextIsAValue) {
    Device device;
    EXPECT_EQ(device.one(replace("./Vendor2/Title", "")).state, State::done);
    EXPECT_EQ(device.data("./Vendor2/Title"), "");
}

TEST(Commands, DEL_01_LeafAndSubtree) {
    Device device;
    (void)device.run({add("./Vendor2/Account/x/Name", "n"), add("./Vendor2/Account/x/Port", "1"),
                      replace(lock_uri + "Length", "9")});
    EXPECT_EQ(device.one(erase(lock_uri + "Length")).state, State::done);
    EXPECT_EQ(device.lock.managed.length, std::nullopt);
    EXPECT_EQ(device.one(erase("./Vendor2/Account/x")).state, State::done);
    EXPECT_EQ(device.data("./Vendor2/Account"), "");
}

TEST(Commands, DEL_02_03_MissingAndPermanent) {
    Device device;
    EXPECT_EQ(fault(device.one(erase(lock_uri + "Length"))), Fault::not_found);
    EXPECT_EQ(fault(device.one(erase("./Vendor2/Fixed"))), Fault::refused);
    EXPECT_EQ(fault(device.one(erase("./Vendor2"))), Fault::refused);
    EXPECT_EQ(fault(device.one(erase("."))), Fault::refused);
}

TEST(Commands, GET_01_F9_LeafInteriorMissingAndUnreadable) {
    Device device;
    (void)device.one(add("./Vendor2/Secret", "s"));
    EXPECT_EQ(device.data("./Vendor2/Now"), "now");
    EXPECT_EQ(device.data("./Vendor2/Fixed"), "5");
    EXPECT_EQ(fault(device.get("./Vendor2/Title")), Fault::not_found);
    EXPECT_EQ(fault(device.get("./Vendor2/Gone")), Fault::not_found);
    EXPECT_EQ(fault(device.get("./Vendor2/Secret")), Fault::refused);
    EXPECT_EQ(fault(device.get("./Vendor2/Title/Below")), Fault::not_found);
    const auto interior = device.get("./Vendor2/Account");
    EXPECT_EQ(interior.found.front().format, csp::Format::node);
    EXPECT_EQ(interior.found.front().data, "");
}

TEST(Commands, STA_08_InteriorListsNamesNotPaths) {
    Device device;
    EXPECT_EQ(device.data("./Device/Vendor/MSFT/Policy"), "Config/Result");
    (void)device.one(replace(lock_uri + "Length", "9"));
    EXPECT_EQ(device.data("./Vendor/MSFT/Policy/Config/Lock"), "Length");
}

TEST(Commands, NamesCompareInAnyCaseAndScopesAreDifferent) {
    Device device;
    (void)device.one(replace("./vendor/msft/POLICY/config/lock/length", "9"));
    EXPECT_EQ(device.data(lock_uri + "Length"), "9");
    EXPECT_EQ(fault(device.get("./User/Vendor/MSFT/Policy/Config/Lock/Length")), Fault::not_found);
}

TEST(Commands, ResultSideTellsWhatIsEffective) {
    Device device;
    EXPECT_EQ(device.data(lock_result + "Length"), "8");
    (void)device.one(replace(lock_uri + "Length", "9"));
    EXPECT_EQ(device.data(lock_result + "Length"), "9");
    EXPECT_EQ(fault(device.one(replace(lock_result + "Length", "9"))), Fault::refused);
    EXPECT_EQ(device.data(lock_result + "Simple"), "1");
    EXPECT_EQ(fault(device.get(lock_result + "Banner")), Fault::not_found);
}

TEST(Commands, BinTravelsAsBase64) {
    Device device;
    (void)device.one(add("./Vendor2/Blob", "AAEC\n/w==", "b64"));
    const auto answer = device.get("./Vendor2/Blob");
    EXPECT_EQ(answer.found.front().data, "AAEC/w==");
    EXPECT_EQ(answer.found.front().format, csp::Format::b64);
}

TEST(Commands, EXE_01_ActionsAndWhatIsNone) {
    Device device;
    EXPECT_EQ(device.one(exec("./Vendor2/Ring")).state, State::done);
    EXPECT_EQ(device.one(exec("./Vendor2/Scan")).state, State::pending);
    EXPECT_EQ(fault(device.one(exec("./Vendor2/Break"))), Fault::io);
    EXPECT_EQ(fault(device.one(exec("./Vendor2/Title"))), Fault::refused);
    EXPECT_EQ(fault(device.one(exec("./Vendor2/Nothing"))), Fault::not_found);
}

TEST(Commands, COP_01_LeavesAreCopied) {
    Device device;
    (void)device.one(replace("./Vendor2/Title", "t"));
    EXPECT_EQ(device.one({Verb::copy, "./Vendor2/Account/x/Name", "./Vendor2/Title", {}, {}, {}}).state, State::done);
    EXPECT_EQ(device.data("./Vendor2/Account/x/Name"), "t");
    EXPECT_EQ(fault(device.one({Verb::copy, "./Vendor2/Title", "./Vendor2/Account", {}, {}, {}})), Fault::busy);
    EXPECT_EQ(fault(device.one({Verb::copy, "./Vendor2/Title", "./Vendor2/Strict", {}, {}, {}})), Fault::not_found);
}

TEST(Commands, ManySettingsOfOneRecordAreOneWrite) {
    Device device;
    std::vector<Operation> operations;
    for (int i = 0; i < 100; ++i) {
        operations.push_back(replace(lock_uri + "Length", std::to_string(4 + i % 12)));
        operations.push_back(replace(lock_uri + "History", std::to_string(i % 24)));
    }
    for (const auto& answer : device.run(operations)) EXPECT_EQ(answer.state, State::done);
    EXPECT_EQ(device.lock.writes, 1);
}

TEST(Commands, GetSeesWhatCameBeforeIt) {
    Device device;
    const auto answers = device.run({replace(lock_uri + "Length", "9"),
                                     {Verb::get, lock_uri + "Length", {}, {}, {}, {}},
                                     replace(lock_uri + "Length", "10"),
                                     {Verb::get, lock_uri + "Length", {}, {}, {}, {}}});
    EXPECT_EQ(answers[1].found.front().data, "9");
    EXPECT_EQ(answers[3].found.front().data, "10");
}

TEST(Commands, FailedBatchBlamesTheRightCommand) {
    Device device;
    device.lock.refuse = [](const Lock& wanted) -> Outcome {
        if (wanted.history && *wanted.history > 20) return Error{Fault::io, "no room for so many", {}};
        return {};
    };
    const auto answers = device.run({replace(lock_uri + "Length", "9"), replace("./Vendor2/Title", "t"),
                                     replace(lock_uri + "History", "24"), replace(lock_uri + "Simple", "0")});
    EXPECT_EQ(answers[0].state, State::done);
    EXPECT_EQ(answers[1].state, State::done);
    EXPECT_EQ(fault(answers[2]), Fault::io);
    EXPECT_EQ(answers[3].state, State::done);
    EXPECT_EQ(device.lock.managed.length, 9);
    EXPECT_EQ(device.lock.managed.history, std::nullopt);
    EXPECT_EQ(device.lock.managed.simple, false);
    EXPECT_EQ(device.data("./Vendor2/Title"), "t");
    EXPECT_EQ(device.policies->at(lock_uri + "History"), nullptr);
}

TEST(Commands, WhatTheDeviceDoesNotSayIsNoSuccess) {
    Device device;
    device.lock.lies = true;
    const auto answer = device.one(replace(lock_uri + "Length", "9"));
    EXPECT_EQ(fault(answer), Fault::io);
    EXPECT_NE(answer.error.what.find("the device says \"8\""), std::string::npos) << answer.error.what;
    EXPECT_EQ(device.policies->at(lock_uri + "Length"), nullptr);
}

TEST(Commands, DeviceThatIsStricterAlreadyDoesWhatWasAsked) {
    Device device;
    device.lock.lies = true;  // it stays at eight characters
    EXPECT_EQ(device.one(replace(lock_uri + "Length", "6")).state, State::done);
    EXPECT_EQ(device.data(lock_uri + "Length"), "8");  // and says so, not what was asked for
}

// A row that is a setting by being there, as those of Update/ApprovedUpdates are.
TEST(Commands, ARowWithoutLeavesIsASetting) {
    Device device;
    Operation row{Verb::add, "./Vendor2/Approved/openssl_3", {}, "node", {}, {}};
    ASSERT_EQ(device.one(row).state, State::done);
    ASSERT_EQ(device.approved.rows.count("openssl_3"), 1u);
    device.approved.rows["openssl_3"].text = "since today";
    EXPECT_EQ(device.data("./Vendor2/Approved"), "openssl_3");
    EXPECT_EQ(device.data("./Vendor2/Approved/openssl_3/Text"), "since today");
    EXPECT_EQ(fault(device.one(add("./Vendor2/Approved/other/Text", "x"))), Fault::refused);
    EXPECT_EQ(device.tree->why("./Vendor2/Approved/openssl_3")->device, "there");
    device.approved.rows.clear();
    EXPECT_EQ(device.tree->drift()->size(), 1u) << "somebody took it away";
    (void)device.tree->sweep();
    EXPECT_EQ(device.approved.rows.count("openssl_3"), 1u);
    EXPECT_EQ(device.one(erase("./Vendor2/Approved/openssl_3")).state, State::done);
    EXPECT_TRUE(device.approved.rows.empty());
    ASSERT_EQ(device.one(row).state, State::done);
    (void)device.tree->release("corp");
    EXPECT_TRUE(device.approved.rows.empty()) << "it goes with the server that set it";
}

TEST(Commands, ARowWithoutLeavesIsRolledBackWithItsAtomic) {
    Device device;
    const auto answers =
        device.atomic({{Verb::add, "./Vendor2/Approved/a", {}, "node", {}, {}}, exec("./Vendor2/Break")});
    EXPECT_EQ(answers[0].state, State::undone);
    EXPECT_TRUE(device.approved.rows.empty());
}

TEST(Commands, TablesFollowTheirRows) {
    Device device;
    device.profiles.rows["users"] = {"own"};
    EXPECT_EQ(device.one(add("./Vendor/MSFT/Profiles/office/Text", "ours")).state, State::done);
    EXPECT_EQ(device.profiles.rows["office"].text, "ours");
    EXPECT_EQ(device.data("./Vendor/MSFT/Profiles"), "office/users");
    EXPECT_EQ(fault(device.one(erase("./Vendor/MSFT/Profiles/users"))), Fault::not_found);
    EXPECT_EQ(device.one(erase("./Vendor/MSFT/Profiles/office")).state, State::done);
    EXPECT_EQ(device.profiles.rows.count("office"), 0u);
    EXPECT_EQ(device.profiles.rows.count("users"), 1u);
}

TEST(Commands, PlanChangesNothing) {
    Device device;
    const std::vector<Operation> operations = {replace(lock_uri + "Length", "12"), replace(lock_uri + "Length", "99")};
    const auto plan = device.tree->plan({"corp", "1"}, operations);
    ASSERT_EQ(plan.differences.size(), 1u);
    EXPECT_EQ(plan.differences[0].device, "8");
    EXPECT_EQ(plan.differences[0].desired, "12");
    EXPECT_EQ(plan.answers[1].state, State::failed);
    EXPECT_EQ(device.lock.writes, 0);
    EXPECT_EQ(device.policies->at(lock_uri + "Length"), nullptr);
}

}  // namespace
}  // namespace steward::tree

// Atomic: ATO of the conformance table, F13 of the protocol sheet.
#include <gmock/gmock.h>

#include "tests/session/dialogue.h"

namespace steward::session {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

struct SessionAtomic : testing::Test, Dialogue {
    void answer(const std::string& commands, const Shape& shape = {}) {
        open();
        say(commands, shape);
    }
};

std::string atomic(const std::string& id, const std::string& children) {
    return command("Atomic", id, children);
}

TEST_F(SessionAtomic, ATO_01_F13_AllSucceed) {
    answer(atomic("10", add("11", "./A", "1") + replace("12", "./B/slow", "2") + erase("13", "./A")));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 10 Atomic 200", "Status 11 Add 200",
                                         "Status 12 Replace 202", "Status 13 Delete 200"));
    EXPECT_THAT(model.atomic_calls, ElementsAre(3U));
    EXPECT_THAT(model.calls, IsEmpty());
}

TEST_F(SessionAtomic, ATO_02_F13_OneFails) {
    model.nodes["./C"].data = "x";
    answer(atomic("10", add("11", "./A", "1") + replace("12", "./fixed", "1") + erase("13", "./C")));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 10 Atomic 507", "Status 11 Add 216",
                                         "Status 12 Replace 405", "Status 13 Delete 215"));
    EXPECT_FALSE(model.nodes.contains("./A"));
}

TEST_F(SessionAtomic, ATO_02_F13_UndoingFails) {
    model.undo_fails = true;
    answer(atomic("10", add("11", "./A", "1") + command("Sequence", "12", add("13", "./B", "1")) +
                            replace("14", "./secret", "1") + command("Sequence", "15", erase("16", "./C"))));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 10 Atomic 507", "Status 11 Add 516",
                                         "Status 12 Sequence 516", "Status 13 Add 516", "Status 14 Replace 425",
                                         "Status 15 Sequence 215", "Status 16 Delete 215"));
}

TEST_F(SessionAtomic, ATO_02_ItemsOfOneChildFailSeparately) {
    answer(atomic("10", command("Add", "11", item("./A", "1") + item("./secret", "2") + item("./B", "3"))));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 10 Atomic 507", "Status 11 Add ./A 216",
                                         "Status 11 Add ./secret 425", "Status 11 Add ./B 215"));
}

TEST_F(SessionAtomic, ATO_03_F13_NestedAtomic) {
    answer(atomic("10", add("11", "./A", "1") + atomic("12", add("13", "./B", "1") + get("14", "./B"))) +
           add("15", "./C", "1"));
    EXPECT_THAT(lines(sent),
                ElementsAre("Status 0 SyncHdr 200", "Status 10 Atomic 507", "Status 11 Add 215", "Status 12 Atomic 500",
                            "Status 13 Add 215", "Status 14 Get 215", "Status 15 Add 200"));
    EXPECT_THAT(model.atomic_calls, IsEmpty());
}

TEST_F(SessionAtomic, ATO_04_F13_GetInsideAtomicAlsoThroughSequence) {
    model.nodes["./A"].data = "x";
    answer(atomic("10", get("11", "./A") + replace("12", "./A", "1")) +
           atomic("20", replace("21", "./A", "1") + command("Sequence", "22", get("23", "./A") + erase("24", "./A"))));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 10 Atomic 507", "Status 11 Get ./A 500",
                                         "Status 12 Replace 215", "Status 20 Atomic 507", "Status 21 Replace 215",
                                         "Status 22 Sequence 215", "Status 23 Get ./A 500", "Status 24 Delete 215"));
    EXPECT_THAT(model.operations, IsEmpty());
    EXPECT_EQ(model.nodes["./A"].data, "x");
}

TEST_F(SessionAtomic, ATO_05_AddAndReplaceOfOneNode) {
    answer(atomic("10", add("11", "./A", "1") + replace("12", "./A", "2")) +
           atomic("20", replace("21", "./A", "1") + replace("22", "./A", "2")));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 10 Atomic 507", "Status 11 Add 215",
                                         "Status 12 Replace 500", "Status 20 Atomic 200", "Status 21 Replace 200",
                                         "Status 22 Replace 200"));
}

TEST_F(SessionAtomic, ATO_AllChildrenAreCheckedBeforeTheFirstRuns) {
    answer(atomic("1", add("2", "./A", "1") + command("Add", "3", "")) +
           atomic("4", add("5", "./A", "1") + command("Gibberish", "6", "")) +
           atomic("7", add("8", "./A", "1") + alert("9", "1100", item("", "", ""))) +
           atomic("10", piece("Add", "11", "./A", "9", "x", true)) + atomic("12", command("Put", "13", "")) +
           atomic("14", "<Status><CmdID>15</CmdID><MsgRef>1</MsgRef><CmdRef>2</CmdRef><Data>200</Data></Status>" +
                            add("16", "./A", "1")));
    EXPECT_THAT(lines(sent),
                ElementsAre("Status 0 SyncHdr 200", "Status 1 Atomic 507", "Status 2 Add 215", "Status 3 Add 412",
                            "Status 4 Atomic 507", "Status 5 Add 215", "Status 6 Gibberish 400", "Status 7 Atomic 507",
                            "Status 8 Add 215", "Status 9 Alert 406", "Status 10 Atomic 507", "Status 11 Add 400",
                            "Status 12 Atomic 507", "Status 13 Put 406", "Status 14 Atomic 507", "Status 16 Add 215"));
    EXPECT_THAT(model.operations, IsEmpty());
}

TEST_F(SessionAtomic, ATO_ChildrenWithoutOrWithRepeatedCmdIdAreTaken) {
    answer(atomic("10", replace("", "./A", "1") + replace("11", "./B", "1") + replace("11", "./C", "1")));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 10 Atomic 200", "Status  Replace 200",
                                         "Status 11 Replace 200", "Status 11 Replace 200"));
    EXPECT_EQ(model.nodes.size(), 3U);
}

TEST_F(SessionAtomic, ATO_WhoseAnswerFitsNoMessageDoesNotRun) {
    std::string children, few;
    for (int i = 0; i < 40; ++i) children += replace("c" + std::to_string(i), "./N/" + std::to_string(i), "1");
    for (int i = 0; i < 7; ++i) few += replace("f" + std::to_string(i), "./F/" + std::to_string(i), "1");
    Shape small;
    small.header = "<Meta><MaxMsgSize xmlns=\"syncml:metinf\">2048</MaxMsgSize></Meta>";
    answer(atomic("10", children) + atomic("11", few), small);
    std::vector<std::string> all;
    for (;;) {
        EXPECT_LE(body.size(), 2048U);
        const auto some = lines(sent);
        all.insert(all.end(), some.begin(), some.end());
        // The statuses of the second Atomic stand in one message.
        if (std::count(some.begin(), some.end(), "Status 11 Atomic 200") > 0) {
            EXPECT_EQ(std::count_if(some.begin(), some.end(), [](auto& l) { return l.starts_with("Status f"); }), 7);
        }
        if (sent.final) break;
        Shape next;
        next.final = false;
        say(alert("3", "1222"), next);
        ASSERT_TRUE(step.send);
    }
    EXPECT_THAT(all, Contains("Status 10 Atomic 517"));
    EXPECT_THAT(all, Contains("Status c39 Replace 215"));
    EXPECT_THAT(all, Contains("Status 11 Atomic 200"));
    EXPECT_THAT(model.atomic_calls, ElementsAre(7U));
}

}  // namespace
}  // namespace steward::session

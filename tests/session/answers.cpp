// Statuses and Results: STA of the conformance table, and the commands as far as the session decides about them.
#include <gmock/gmock.h>

#include "tests/session/dialogue.h"

namespace steward::session {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

struct SessionAnswers : testing::Test, Dialogue {
    void answer(const std::string& commands, const Shape& shape = {}) {
        open();
        say(commands, shape);
    }
};

TEST_F(SessionAnswers, STA_01_TheHeaderStatusIsFirst) {
    answer(get("5", "./A"));
    const auto& first = sent.commands.front();
    EXPECT_EQ(first.cmd_id, "1");
    EXPECT_EQ(first.get().msg_ref, "1");
    EXPECT_EQ(first.get().cmd_ref, "0");
    EXPECT_EQ(first.get().cmd, "SyncHdr");
    EXPECT_EQ(first.data, "200");
}

TEST_F(SessionAnswers, STA_02_10_TheAnswerIsByteForByteWhatWindowsSends) {
    model.nodes["./DevDetail/SwV"].data = "10.0";
    answer(command("Get", "5", item("./DevDetail/SwV") + item("./DevDetail/Nope")) + replace("6", "./P", "true"));
    EXPECT_EQ(body,
              "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto>"
              "<SessionID>7</SessionID><MsgID>2</MsgID><Target><LocURI>https://mdm.example/dm</LocURI></Target>"
              "<Source><LocURI>device-1</LocURI></Source></SyncHdr><SyncBody>"
              "<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data></Status>"
              "<Status><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>5</CmdRef><Cmd>Get</Cmd>"
              "<TargetRef>./DevDetail/SwV</TargetRef><Data>200</Data></Status>"
              "<Status><CmdID>3</CmdID><MsgRef>1</MsgRef><CmdRef>5</CmdRef><Cmd>Get</Cmd>"
              "<TargetRef>./DevDetail/Nope</TargetRef><Data>404</Data></Status>"
              "<Status><CmdID>4</CmdID><MsgRef>1</MsgRef><CmdRef>6</CmdRef><Cmd>Replace</Cmd><Data>200</Data></Status>"
              "<Results><CmdID>5</CmdID><MsgRef>1</MsgRef><CmdRef>5</CmdRef><Cmd>Get</Cmd><Item><Source>"
              "<LocURI>./DevDetail/SwV</LocURI></Source><Meta><Format xmlns=\"syncml:metinf\">chr</Format>"
              "<Type xmlns=\"syncml:metinf\">text/plain</Type></Meta><Data>10.0</Data></Item></Results>"
              "<Final/></SyncBody></SyncML>");
}

TEST_F(SessionAnswers, STA_02_StatusesKeepTheOrderOfTheCommands) {
    model.nodes["./A"].data = "x";
    answer(get("9", "./A") + replace("3", "./B", "1") + alert("2", "1222") + erase("7", "./B") +
           command("Atomic", "8", replace("1", "./C", "1")) + get("4", "./C"));
    EXPECT_THAT(lines(sent),
                ElementsAre("Status 0 SyncHdr 200", "Status 9 Get ./A 200", "Status 3 Replace 200",
                            "Status 2 Alert 200", "Status 7 Delete 200", "Status 8 Atomic 200", "Status 1 Replace 200",
                            "Status 4 Get ./C 200", "Results 9 ./A=x", "Results 4 ./C=1"));
    EXPECT_THAT(model.calls, ElementsAre(3U, 1U)) << "an Atomic is a border between batches";
}

TEST_F(SessionAnswers, STA_03_ContainersAndTheirChildrenGetAStatusEach) {
    answer(command("Sequence", "1", add("2", "./A", "1") + command("Sequence", "3", add("4", "./B", "1"))) +
           command("Atomic", "5", command("Sequence", "6", add("7", "./C", "1")) + erase("8", "./A")));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 1 Sequence 200", "Status 2 Add 200",
                                         "Status 3 Sequence 200", "Status 4 Add 200", "Status 5 Atomic 200",
                                         "Status 6 Sequence 200", "Status 7 Add 200", "Status 8 Delete 200"));
}

TEST_F(SessionAnswers, STA_04_CmdRefIsOpaque) {
    answer(replace("4f6f5d3e-9b1c-4e38-8c11-9b7a1c7a2d41", "./A", "1") + replace("rekey &amp; more", "./A", "1") +
           replace("0007", "./A", "1"));
    ASSERT_THAT(sent.commands, SizeIs(4));
    EXPECT_EQ(sent.commands[1].get().cmd_ref, "4f6f5d3e-9b1c-4e38-8c11-9b7a1c7a2d41");
    EXPECT_EQ(sent.commands[2].get().cmd_ref, "rekey & more");
    EXPECT_EQ(sent.commands[3].get().cmd_ref, "0007");
}

TEST_F(SessionAnswers, STA_05_StatusAndResultsGetNoStatus) {
    answer(
        "<Status><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>2</CmdRef><Cmd>Alert</Cmd><Data>200</Data></Status>"
        "<Results><CmdID>3</CmdID><MsgRef>1</MsgRef><CmdRef>2</CmdRef><Item><Source><LocURI>./A</LocURI></Source>"
        "<Data>x</Data></Item></Results>");
    EXPECT_FALSE(step.send);
    EXPECT_EQ(step.end, End::finished);
}

TEST_F(SessionAnswers, STA_06_F20_AMissingCmdIdIs400WithAnEmptyCmdRef) {
    answer(replace("", "./A", "1") + replace("6", "./B", "1") + command("Sequence", "", replace("7", "./C", "1")));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status  Replace 400", "Status 6 Replace 200",
                                         "Status  Sequence 400", "Status 7 Replace 215"));
    EXPECT_THAT(body, HasSubstr("<CmdRef></CmdRef><Cmd>Replace</Cmd>"));
    EXPECT_FALSE(model.nodes.contains("./A"));
    EXPECT_FALSE(model.nodes.contains("./C"));
}

TEST_F(SessionAnswers, STA_07_AMultiItemGetIsAnsweredItemByItem) {
    model.nodes["./A"].data = "1";
    model.nodes["./C"].data = "3";
    answer(command("Get", "5", item("./A") + item("./B") + item("./C")));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 5 Get ./A 200", "Status 5 Get ./B 404",
                                         "Status 5 Get ./C 200", "Results 5 ./A=1 ./C=3"));
}

TEST_F(SessionAnswers, STA_09_ResultsStateFormatAndType) {
    model.nodes["./A"] = {"7", csp::Format::integer};
    answer(get("5", "./A"));
    const auto& item = sent.commands.back().items.at(0);
    EXPECT_EQ(item.meta.format, "int");
    EXPECT_EQ(item.meta.type, "text/plain");
}

TEST_F(SessionAnswers, STA_11_AnUnknownElementIs400AndTheRestGoesOn) {
    answer(command("Frobnicate", "5", item("./A")) + replace("6", "./A", "1") +
           command("Sequence", "7", command("Nonsense", "8", "") + replace("9", "./B", "1")) +
           command("Search", "10", ""));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 5 Frobnicate 400", "Status 6 Replace 200",
                                         "Status 7 Sequence 200", "Status 8 Nonsense 400", "Status 9 Replace 200",
                                         "Status 10 Search 406"));
}

TEST_F(SessionAnswers, STA_12_F21_OriginalErrorsBySetting) {
    settings.original_errors = true;
    answer(get("5", "./missing") + replace("6", "./A", "1"));
    EXPECT_THAT(body, HasSubstr("<SyncBody xmlns:msft=\"http://schemas.microsoft.com/MobileDevice/MDM\">"));
    EXPECT_THAT(body, HasSubstr("<Data msft:originalerror=\"0x80070002\">404</Data>"));
    EXPECT_EQ(sent.commands[2].get().original_error, "");
}

TEST_F(SessionAnswers, STA_12_OriginalErrorsBecauseTheServerOfferedThem) {
    open();
    say(get("5", "./missing"));
    EXPECT_THAT(body, Not(HasSubstr("msft")));
    Shape offer;
    offer.body_attributes = " xmlns:msft=\"http://schemas.microsoft.com/MobileDevice/MDM\"";
    say(get("5", "./missing"), offer);
    EXPECT_THAT(body, HasSubstr("<SyncBody xmlns:msft="));
    EXPECT_THAT(body, HasSubstr("<Data msft:originalerror=\"0x80070002\">404</Data>"));
}

TEST_F(SessionAnswers, ADD_02_07_ItemsThatShareTheirOutcomeShareAStatus) {
    model.nodes["./B"].data = "x";
    answer(command("Add", "5", item("./C", "1") + item("./D", "2")) +
           command("Add", "6", item("./E", "1") + item("./B", "2") + item("./F", "3")));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 5 Add 200", "Status 6 Add ./E 200",
                                         "Status 6 Add ./B 418", "Status 6 Add ./F 200"));
}

TEST_F(SessionAnswers, REP_06_TheMetaOfTheCommandReachesTheTree) {
    answer("<Replace><CmdID>5</CmdID><Meta><Format xmlns=\"syncml:metinf\">int</Format></Meta>" + item("./A", "1") +
           item("./B", "x", "chr") + "</Replace>");
    ASSERT_THAT(model.operations, SizeIs(2));
    EXPECT_EQ(model.operations[0].format, "int");
    EXPECT_EQ(model.operations[1].format, "chr");
}

TEST_F(SessionAnswers, REP_05_EmptyDataIsAValueAndNoDataIsNone) {
    answer(
        "<Replace><CmdID>5</CmdID><Item><Target><LocURI>./A</LocURI></Target><Data/></Item></Replace>"
        "<Replace><CmdID>6</CmdID><Item><Target><LocURI>./B</LocURI></Target></Item></Replace>");
    ASSERT_THAT(model.operations, SizeIs(2));
    EXPECT_EQ(model.operations[0].data, "");
    EXPECT_EQ(model.operations[1].data, std::nullopt);
}

TEST_F(SessionAnswers, DEL_01_02_03_TheTreesVerdictBecomesTheStatus) {
    model.nodes["./A"].data = "x";
    model.nodes["./fixed"].data = "x";
    answer(erase("5", "./A") + erase("6", "./A") + erase("7", "./fixed") + erase("8", "./secret") +
           replace("9", "./full", "1"));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 5 Delete 200", "Status 6 Delete 404",
                                         "Status 7 Delete 405", "Status 8 Delete 425", "Status 9 Replace 420"));
    EXPECT_EQ(session().counters().failed, 4U);
}

TEST_F(SessionAnswers, EXE_01_03_ExecNowLaterAndWithRawXml) {
    model.nodes["./Run"].data = "";
    model.nodes["./Job/slow"].data = "";
    answer(
        "<Exec><CmdID>5</CmdID><Item><Target><LocURI>./Run</LocURI></Target><Data><Job id=\"1\"><a/></Job></Data>"
        "<Meta><Format xmlns=\"syncml:metinf\">xml</Format></Meta></Item></Exec>" +
        command("Exec", "6", item("./Job/slow")) + command("Exec", "7", item("./Nothing")));
    EXPECT_THAT(lines(sent),
                ElementsAre("Status 0 SyncHdr 200", "Status 5 Exec 200", "Status 6 Exec 202", "Status 7 Exec 404"));
    EXPECT_EQ(model.operations.at(0).data, "<Job id=\"1\"><a/></Job>");
    EXPECT_EQ(model.operations.at(0).format, "xml");
}

TEST_F(SessionAnswers, COP_01_CopyReachesTheTreeWithItsSource) {
    answer(
        "<Copy><CmdID>5</CmdID><Item><Target><LocURI>./B</LocURI></Target><Source><LocURI>./A</LocURI></Source>"
        "</Item></Copy>");
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 5 Copy 406"));
    ASSERT_THAT(model.operations, SizeIs(1));
    EXPECT_EQ(model.operations[0].verb, tree::Verb::copy);
    EXPECT_EQ(model.operations[0].source, "./A");
}

TEST_F(SessionAnswers, SEQ_02_EmptyCommands) {
    answer(command("Get", "1", "") + command("Sequence", "2", "") + command("Atomic", "3", "") +
           command("Replace", "4", "") + command("Add", "5", "") + command("Exec", "6", "") +
           command("Alert", "7", "") + "<Get/><Replace/><Atomic/>");
    EXPECT_THAT(lines(sent),
                ElementsAre("Status 0 SyncHdr 200", "Status 1 Get 200", "Status 2 Sequence 200", "Status 3 Atomic 200",
                            "Status 4 Replace 412", "Status 5 Add 412", "Status 6 Exec 412", "Status 7 Alert 412",
                            "Status  Get 400", "Status  Replace 400", "Status  Atomic 400"));
    EXPECT_THAT(model.operations, IsEmpty());
}

TEST_F(SessionAnswers, SEQ_01_AFailingChildDoesNotStopTheSequence) {
    answer(command("Sequence", "1", add("2", "./A", "1") + add("3", "./A", "2") + replace("4", "./A", "3")));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 1 Sequence 200", "Status 2 Add 200",
                                         "Status 3 Add 418", "Status 4 Replace 200"));
    EXPECT_EQ(model.nodes["./A"].data, "3");
    EXPECT_THAT(model.calls, ElementsAre(3U)) << "a Sequence is part of the batch around it";
}

TEST_F(SessionAnswers, STA_02_ATreeThatForgetsAnswersIsABugOfOursAndNoCrash) {
    struct Forgetful final : tree::Executor {
        std::vector<tree::Answer> run(const tree::Context&, std::span<const tree::Operation>) override { return {}; }
        std::vector<tree::Answer> run_atomic(const tree::Context&, std::span<const tree::Operation>) override {
            return {};
        }
    } forgetful;
    Session one(settings, forgetful, nonces);
    ASSERT_TRUE(one.open().send);
    const std::string text = message(replace("5", "./A", "1") + command("Atomic", "6", replace("7", "./A", "1")), {});
    const Step next = one.receive({200, "application/vnd.syncml.dm+xml", text, ""});
    ASSERT_TRUE(next.send);
    EXPECT_THAT(next.send->body, HasSubstr("<CmdRef>5</CmdRef><Cmd>Replace</Cmd><Data>500</Data>"));
    EXPECT_THAT(next.send->body, HasSubstr("<CmdRef>6</CmdRef><Cmd>Atomic</Cmd><Data>507</Data>"));
}

}  // namespace
}  // namespace steward::session

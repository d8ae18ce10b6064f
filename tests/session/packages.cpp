// Packages and the life of a session: SES of the conformance table, F1 to F3, F17 and F20 of the protocol sheet.
#include <gmock/gmock.h>

#include "agent/syncml/read.h"
#include "agent/syncml/write.h"
#include "tests/session/dialogue.h"

namespace steward::session {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr char more[] = "Alert 1222";

struct SessionPackages : testing::Test, Dialogue {};

TEST_F(SessionPackages, SES_01_02_03_PackageOneIsByteForByteWhatWindowsSends) {
    settings.login_status = "user";
    open();
    EXPECT_EQ(body,
              "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto>"
              "<SessionID>7</SessionID><MsgID>1</MsgID><Target><LocURI>https://mdm.example/dm</LocURI></Target>"
              "<Source><LocURI>device-1</LocURI></Source></SyncHdr><SyncBody><Alert><CmdID>2</CmdID><Data>1201</Data>"
              "</Alert><Alert><CmdID>3</CmdID><Data>1224</Data><Item><Meta><Type xmlns=\"syncml:metinf\">"
              "com.microsoft/MDM/LoginStatus</Type></Meta><Data>user</Data></Item></Alert><Replace><CmdID>4</CmdID>"
              "<Item><Source><LocURI>./DevInfo/DevId</LocURI></Source><Data>device-1</Data></Item>"
              "<Item><Source><LocURI>./DevInfo/Man</LocURI></Source><Data>ACME</Data></Item>"
              "<Item><Source><LocURI>./DevInfo/Mod</LocURI></Source><Data>Box 9</Data></Item>"
              "<Item><Source><LocURI>./DevInfo/DmV</LocURI></Source><Data>1.3</Data></Item>"
              "<Item><Source><LocURI>./DevInfo/Lang</LocURI></Source><Data>en-US</Data></Item>"
              "</Replace><Final/></SyncBody></SyncML>");
    EXPECT_EQ(step.send->url, "https://mdm.example/dm?tenant=1");
    EXPECT_EQ(step.send->content_type, "application/vnd.syncml.dm+xml");
    EXPECT_EQ(step.send->hmac, "");
}

TEST_F(SessionPackages, SES_01_ServerInitiatedWithMoreAlerts) {
    settings.server_initiated = true;
    settings.session_id = "A7";  // C9: upper-case hexadecimal, as the notification said
    syncml::Command event = make_alert(AlertCode::generic);
    event.items.emplace_back();
    event.items.back().meta = {"int", "com.microsoft:mdm.unenrollment.userrequest"};
    event.items.back().data = "1";
    settings.alerts.push_back(event);
    open();
    EXPECT_EQ(sent.header.session_id, "A7");
    EXPECT_THAT(lines(sent), ElementsAre("Alert 1200", "Alert 1224=none", "Alert 1226=1", StartsWith("Replace")));
    EXPECT_THAT(session().alert_answers(), ElementsAre(0));
    Shape shape;
    shape.session_id = "A7";
    say("<Status><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>4</CmdRef><Cmd>Alert</Cmd><Data>200</Data></Status>"
        "<Status><CmdID>3</CmdID><MsgRef>1</MsgRef><CmdRef>99</CmdRef><Cmd>Alert</Cmd><Data>500</Data></Status>",
        shape);
    EXPECT_THAT(session().alert_answers(), ElementsAre(200));
    EXPECT_EQ(step.end, End::finished);
}

TEST_F(SessionPackages, SES_04_OtherVersionsEndTheSession) {
    const std::tuple<Shape, const char*> cases[] = {
        {[] {
             Shape s;
             s.ver_dtd = "2.0";
             return s;
         }(),
         "505"},
        {[] {
             Shape s;
             s.ver_proto = "DM/2.0";
             return s;
         }(),
         "513"},
        {[] {
             Shape s;
             s.session_id = "8";
             return s;
         }(),
         "400"},
    };
    for (const auto& [shape, code] : cases) {
        Dialogue one;
        one.open();
        one.say(get("5", "./A"), shape);
        EXPECT_THAT(lines(one.sent), ElementsAre(std::string("Status 0 SyncHdr ") + code));
        EXPECT_TRUE(one.sent.final);
        EXPECT_EQ(one.step.end, End::failed);
        EXPECT_THAT(one.model.operations, IsEmpty());
    }
}

TEST_F(SessionPackages, SES_04_OlderAndMissingVersionsAreTaken) {
    for (const auto& [dtd, proto] : {std::pair{"1.1", "DM/1.1"}, std::pair{"", ""}}) {
        Dialogue one;
        one.open();
        Shape shape;
        shape.ver_dtd = dtd;
        shape.ver_proto = proto;
        shape.session_id = "";
        one.say(get("5", "./A"), shape);
        EXPECT_THAT(lines(one.sent), ElementsAre("Status 0 SyncHdr 200", "Status 5 Get ./A 404"));
        EXPECT_EQ(one.sent.header.session_id, "7");
    }
}

TEST_F(SessionPackages, SES_05_SessionIdStaysAndMsgIdCounts) {
    open();
    for (const char* number : {"2", "3", "4"}) {
        say(get("5", "./A"));
        EXPECT_EQ(sent.header.session_id, "7");
        EXPECT_EQ(sent.header.msg_id, number);
    }
    EXPECT_EQ(session().counters().messages, 4U);
}

TEST_F(SessionPackages, SES_06_F1_NothingIsSentAfterAMessageOfStatusesAlone) {
    open();
    say();
    EXPECT_FALSE(step.send);
    EXPECT_EQ(step.end, End::finished);
}

TEST_F(SessionPackages, SES_06_FixedStatusesForCommandsNeverSentAreIgnored) {
    open();
    say("<Status><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>77</CmdRef><Cmd>Add</Cmd><Data>500</Data></Status>"
        "<Status><CmdID>3</CmdID><MsgRef>1</MsgRef><CmdRef>1</CmdRef><Cmd>Status</Cmd><Data>200</Data></Status>");
    EXPECT_FALSE(step.send);
    EXPECT_EQ(step.end, End::finished);
}

TEST_F(SessionPackages, SES_07_AServerWithoutFinalIsAskedOnceForMore) {
    open();
    Shape open_package;
    open_package.final = false;
    say("", open_package);
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", more));
    EXPECT_FALSE(sent.final);
    say("", open_package);
    EXPECT_FALSE(step.send);
    EXPECT_EQ(step.end, End::finished);
}

TEST_F(SessionPackages, SES_07_AServerThatNeverSendsFinalGetsItsAnswers) {
    open();
    Shape open_package;
    open_package.final = false;
    say(replace("a", "./A", "1"), open_package);
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status a Replace 200", more));
    EXPECT_FALSE(sent.final);
    say(get("b", "./A"), open_package);
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status b Get ./A 200", "Results b ./A=1"))
        << "Results keep the exchange going by themselves";
    EXPECT_FALSE(sent.final);
    say("", open_package);
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", more));
    say("", open_package);
    EXPECT_EQ(step.end, End::finished);
    EXPECT_FALSE(step.send);
}

TEST_F(SessionPackages, SES_08_CommandsWithFinalAreAnsweredWithFinal) {
    model.nodes["./A"].data = "x";
    open();
    say(get("5", "./A") + replace("6", "./A", "y"));
    EXPECT_THAT(lines(sent),
                ElementsAre("Status 0 SyncHdr 200", "Status 5 Get ./A 200", "Status 6 Replace 200", "Results 5 ./A=x"));
    EXPECT_TRUE(sent.final);
    EXPECT_EQ(model.context.authority, "Test");
    EXPECT_EQ(model.context.session_id, "7");
}

TEST_F(SessionPackages, SES_09_SeveralMessagesInOnePackage) {
    open();
    Shape first;
    first.final = false;
    say(replace("5", "./A", "1"), first);
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 5 Replace 200", more));
    EXPECT_FALSE(sent.final);
    say("<Status><CmdID>2</CmdID><MsgRef>2</MsgRef><CmdRef>3</CmdRef><Cmd>Alert</Cmd><Data>200</Data></Status>" +
        replace("6", "./B", "2"));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 6 Replace 200"));
    EXPECT_EQ(sent.header.msg_id, "3");
    EXPECT_EQ(sent.commands[1].get().msg_ref, "2");
    EXPECT_TRUE(sent.final);
}

TEST_F(SessionPackages, SES_10_F3_AnAbortIsNotAnswered) {
    open();
    say(replace("5", "./A", "1") + alert("6", "1223"));
    EXPECT_FALSE(step.send);
    EXPECT_EQ(step.end, End::aborted_by_server);
    EXPECT_THAT(model.operations, IsEmpty());
    open();  // the next session starts clean
    EXPECT_THAT(lines(sent), Contains("Alert 1201"));
    say(get("5", "./A"));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 5 Get ./A 404"));
}

TEST_F(SessionPackages, SES_11_AMessageThatCannotBeReadIsAnsweredWithAnAbort) {
    open();
    Incoming torn;
    torn.content_type = "application/vnd.syncml.dm+xml; charset=utf-8";
    torn.body = "<SyncML><SyncHdr><VerDTD>1.2</VerDTD>";
    receive(torn);
    ASSERT_EQ(sent.commands.size(), 1U);
    EXPECT_THAT(body, HasSubstr("<Data>1223</Data>"));
    EXPECT_TRUE(sent.final);
    EXPECT_EQ(step.end, End::failed);
    EXPECT_THAT(step.error.what, HasSubstr("cannot be read"));
}

TEST_F(SessionPackages, SES_12_RespUriIsForTheNextMessage) {
    open();
    Shape redirect;
    redirect.header = "<RespURI>https://mdm.example/dm?node=4</RespURI>";
    say(get("5", "./A"), redirect);
    EXPECT_EQ(step.send->url, "https://mdm.example/dm?node=4");
    EXPECT_EQ(sent.header.target.uri, "https://mdm.example/dm");
    say(get("5", "./A"));
    EXPECT_EQ(step.send->url, "https://mdm.example/dm?tenant=1");
    redirect.header = "<RespURI>http://mdm.example/dm</RespURI>";
    say(get("5", "./A"), redirect);
    EXPECT_EQ(step.send->url, "https://mdm.example/dm?tenant=1") << "never to a weaker scheme";
}

TEST_F(SessionPackages, SES_13_NoRespSuppressesTheStatusesThatItCovers) {
    model.nodes["./A"].data = "x";
    open();
    say(command("Replace", "5", "<NoResp/>" + item("./B", "1")) + command("Get", "6", "<NoResp/>" + item("./A")) +
        command("Sequence", "7", "<NoResp/>" + erase("8", "./B")) + erase("9", "./A"));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 9 Delete 200", "Results 6 ./A=x"));
    EXPECT_EQ(model.operations.size(), 4U) << "they are executed all the same";
    Shape header;
    header.header = "<NoResp/>";
    say(replace("5", "./C", "1"), header);
    EXPECT_FALSE(step.send) << "nothing but the Status for the header is left";
    EXPECT_EQ(step.end, End::finished);
    EXPECT_TRUE(model.nodes.contains("./C"));
}

TEST_F(SessionPackages, SES_14_AnEndlessServerIsStopped) {
    settings.max_messages = 10;
    open();
    std::size_t rounds = 0;
    while (!over() && ++rounds < 50) say(replace("5", "./A", "1"));
    EXPECT_EQ(step.end, End::aborted_by_us);
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Alert 1223"));
    EXPECT_TRUE(sent.final);
    EXPECT_EQ(session().counters().messages, 10U);
    EXPECT_EQ(model.operations.size(), 8U) << "what came with the last message is not executed";
}

TEST_F(SessionPackages, SES_14_TinyPiecesCountAgainstTheCap) {
    settings.max_messages = 10;
    open();
    Shape open_package;
    open_package.final = false;
    say(piece("Add", "5", "./A", "1000", "x", true), open_package);
    std::size_t rounds = 0;
    while (!over() && ++rounds < 50) say(piece("Add", "5", "./A", "", "x", true), open_package);
    EXPECT_EQ(step.end, End::aborted_by_us);
    EXPECT_LT(rounds, 11U);
}

TEST_F(SessionPackages, SES_F2_AnEmptyBodyIsTheEnd) {
    open();
    receive({200, "", "", ""});
    EXPECT_EQ(step.end, End::finished);
    EXPECT_FALSE(step.send);
}

TEST_F(SessionPackages, HTP_02_WhatIsNoMessageIsADistinctErrorAndNeverExecuted) {
    const std::string commands = message(replace("5", "./A", "1"), {});
    const std::tuple<Incoming, Fault, const char*> cases[] = {
        {{200, "application/soap+xml; charset=utf-8", commands, ""}, Fault::malformed, "SOAP"},
        {{200, "text/html", commands, ""}, Fault::malformed, "HTML"},
        {{200, "application/json", commands, ""}, Fault::malformed, "application/json"},
        {{200, "", commands, ""}, Fault::malformed, "without saying"},
        {{302, "application/vnd.syncml.dm+xml", commands, ""}, Fault::refused, "redirect"},
        {{401, "application/vnd.syncml.dm+xml", commands, ""}, Fault::denied, "certificate"},
        {{404, "application/vnd.syncml.dm+xml", commands, ""}, Fault::refused, "refuses"},
        {{429, "application/vnd.syncml.dm+xml", commands, ""}, Fault::busy, "busy"},
        {{500, "application/vnd.syncml.dm+xml", commands, ""}, Fault::io, "failed"},
        {{101, "application/vnd.syncml.dm+xml", commands, ""}, Fault::malformed, "101"},
    };
    for (const auto& [incoming, fault, words] : cases) {
        Dialogue one;
        one.open();
        one.receive(incoming);
        EXPECT_EQ(one.step.end, End::failed) << words;
        EXPECT_FALSE(one.step.send) << words;
        EXPECT_EQ(one.step.error.fault, fault) << words;
        EXPECT_THAT(one.step.error.what, HasSubstr(words));
        EXPECT_THAT(one.model.operations, IsEmpty());
    }
}

TEST_F(SessionPackages, HTP_02_ABodyBeyondTheLimitIsNotRead) {
    settings.max_message_size = 400;
    open();
    say(replace("5", "./A", std::string(1000, 'x')));
    EXPECT_EQ(step.end, End::failed);
    EXPECT_EQ(step.error.fault, Fault::too_large);
    EXPECT_THAT(model.operations, IsEmpty());
}

TEST_F(SessionPackages, AServerThatRefusesOurHeaderEndsTheSession) {
    open();
    Shape refused;
    refused.header_status = "513";
    say(get("5", "./A"), refused);
    EXPECT_FALSE(step.send);
    EXPECT_EQ(step.end, End::failed);
    EXPECT_THAT(step.error.what, HasSubstr("513"));
}

TEST_F(SessionPackages, MisuseIsAnErrorAndChangesNothing) {
    open();
    Step again = session().open();
    EXPECT_EQ(again.end, End::failed);
    say(get("5", "./A"));
    EXPECT_THAT(lines(sent), Contains("Status 5 Get ./A 404"));
    say();
    EXPECT_EQ(step.end, End::finished);
    say(get("5", "./A"));
    EXPECT_EQ(step.end, End::failed);
    EXPECT_EQ(step.error.fault, Fault::bug);
    EXPECT_EQ(model.operations.size(), 1U);
}

TEST_F(SessionPackages, TheEncodingFollowsTheServer) {
    model.nodes["./A"].data = "x";
    settings.encoding = Encoding::wbxml;
    open();
    EXPECT_EQ(step.send->content_type, "application/vnd.syncml.dm+wbxml");
    say(get("5", "./A"));
    EXPECT_EQ(step.send->content_type, "application/vnd.syncml.dm+xml");
    auto read = syncml::read_xml(message(get("5", "./A"), {}));
    ASSERT_TRUE(read.ok());
    const std::string binary = syncml::write(Encoding::wbxml, *read);
    ++server_messages;
    receive({200, "application/vnd.syncml.dm+wbxml", binary, ""});
    EXPECT_EQ(step.send->content_type, "application/vnd.syncml.dm+wbxml");
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 5 Get ./A 200", "Results 5 ./A=x"));
}

// The reply to `count` Replace commands, gathered over as many messages as it takes.
std::vector<std::string> whole_answer(Dialogue& dialogue, std::size_t limit, std::size_t& messages) {
    std::vector<std::string> all;
    messages = 0;
    for (;;) {
        ++messages;
        EXPECT_LE(dialogue.body.size(), limit);
        const auto some = lines(dialogue.sent);
        EXPECT_EQ(some.front(), "Status 0 SyncHdr 200");
        all.insert(all.end(), some.begin() + 1, some.end());
        if (dialogue.sent.final) return all;
        Shape next;
        next.final = false;
        dialogue.say(alert("3", "1222"), next);
        if (!dialogue.step.send || messages > 500) return all;
    }
}

TEST_F(SessionPackages, BIG_07_F17_AnswersAreSplitAndOnlyTheLastHasFinal) {
    model.nodes["./A"].data = std::string(300, 'a');
    open();
    std::string commands;
    for (int i = 0; i < 60; ++i) commands += replace("r" + std::to_string(i), "./N/" + std::to_string(i), "1");
    for (int i = 0; i < 20; ++i) commands += get("g" + std::to_string(i), "./A");
    Shape small;
    small.header = "<Meta><MaxMsgSize xmlns=\"syncml:metinf\">2048</MaxMsgSize></Meta>";
    say(commands, small);
    std::size_t messages = 0;
    const auto all = whole_answer(*this, 2048, messages);
    EXPECT_GT(messages, 5U);
    std::vector<std::string> statuses, results;
    std::size_t answered = 0;
    for (const auto& line : all) {
        if (line == "Status 3 Alert 200") {
            ++answered;
        } else {
            (line.starts_with("Status") ? statuses : results).push_back(line);
        }
    }
    EXPECT_EQ(answered, messages - 1) << "each 1222 has its Status";
    ASSERT_EQ(statuses.size(), 80U);
    for (std::size_t i = 0; i < 60; ++i) EXPECT_EQ(statuses[i], "Status r" + std::to_string(i) + " Replace 200");
    ASSERT_EQ(results.size(), 20U);
    for (std::size_t i = 0; i < 20; ++i)
        EXPECT_THAT(results[i], StartsWith("Results g" + std::to_string(i) + " ./A=aaa"));
}

TEST_F(SessionPackages, BIG_07_ManyItemsOfOneGetBecomeSeveralResults) {
    std::string items;
    for (int i = 0; i < 50; ++i) {
        model.nodes["./N/" + std::to_string(i)].data = std::string(100, 'a');
        items += item("./N/" + std::to_string(i));
    }
    open();
    Shape small;
    small.header = "<Meta><MaxMsgSize xmlns=\"syncml:metinf\">4096</MaxMsgSize></Meta>";
    say(command("Get", "5", items), small);
    std::size_t messages = 0;
    std::string results;
    for (const auto& line : whole_answer(*this, 4096, messages)) {
        if (line.starts_with("Results 5")) results += line;
    }
    for (int i = 0; i < 50; ++i) EXPECT_THAT(results, HasSubstr(" ./N/" + std::to_string(i) + "=a"));
}

TEST_F(SessionPackages, BIG_09_AThousandCommandsAreOneBatchAndOneMessage) {
    open();
    std::string commands;
    for (int i = 0; i < 1000; ++i) commands += replace(std::to_string(i + 10), "./N/" + std::to_string(i), "v");
    say(commands);
    EXPECT_EQ(sent.commands.size(), 1001U);
    EXPECT_TRUE(sent.final);
    EXPECT_THAT(model.calls, ElementsAre(1000U));
    EXPECT_EQ(session().counters().commands, 1000U);
    EXPECT_EQ(session().counters().failed, 0U);
}

TEST_F(SessionPackages, TheSameMessagesGiveTheSameBytes) {
    const auto record = [] {
        Dialogue one;
        one.settings.server = {Auth::md5, "server", "pw", "", true};
        one.open();
        std::string all = one.body;
        for (int i = 0; i < 3; ++i) {
            one.say(replace("5", "./A", std::to_string(i)) + get("6", "./A"));
            all += one.body;
        }
        return all;
    };
    EXPECT_EQ(record(), record());
}

}  // namespace
}  // namespace steward::session

#include "tests/support/match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/syncml/read.h"
#include "tests/support/rules.h"

namespace steward::transcript {
namespace {

using testing::HasSubstr;

constexpr char answer[] =
    "<SyncML "
    "xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>7</SessionID>"
    "<MsgID>2</MsgID><Target><LocURI>https://s</LocURI></Target><Source><LocURI>d</LocURI></Source></SyncHdr><SyncBody>"
    "<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data></Status>"
    "<Status><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>5</CmdRef><Cmd>Get</Cmd><TargetRef>./A</TargetRef><Data>200</"
    "Data>"
    "</Status><Results><CmdID>3</CmdID><MsgRef>1</MsgRef><CmdRef>5</CmdRef><Item><Source><LocURI>./A</LocURI></Source>"
    "<Data>one</Data></Item><Item><Source><LocURI>./B</LocURI></Source><Data>two</Data></Item></Results>"
    "<Final/></SyncBody></SyncML>";

Received received() {
    Received made;
    const auto message = syncml::read_xml(answer);
    made.header = message->header;
    made.commands = message->commands;
    made.final = message->final;
    made.body = answer;
    made.url = "https://s";
    return made;
}

// What the expectations of one message come to: "" for each that is met, else what was seen.
std::vector<std::string> judged(const std::string& lines) {
    auto transcript = parse("transcript A: b\n" + lines, "x");
    EXPECT_TRUE(transcript) << (transcript ? "" : transcript.error().what);
    if (!transcript) return {};
    std::vector<std::string> seen;
    for (const auto& finding : compare(transcript->sessions[0].exchanges[0].expected, received(), {{"SESSION", "7"}})) {
        EXPECT_EQ(finding.passed, finding.seen.empty());
        seen.push_back(finding.seen);
    }
    return seen;
}

TEST(Match, FindsCommandsInAnyOrder) {
    EXPECT_THAT(
        judged("expect Results data=one\nexpect Status cmdref=5\nexpect Status cmdref=0\nexpect-nothing-else\n"),
        testing::Each(""));
}

TEST(Match, UsesEachCommandOnce) {
    const auto seen = judged("expect Status cmdref=5\nexpect Status cmdref=5\n");
    EXPECT_EQ(seen[0], "");
    EXPECT_THAT(seen[1], HasSubstr("there is none"));
    EXPECT_THAT(seen[1], HasSubstr("matched above"));
}

TEST(Match, KeysOfAnItemMustFitTheSameItem) {
    EXPECT_EQ(judged("expect Results source=./B data=two\n")[0], "");
    EXPECT_NE(judged("expect Results source=./A data=two\n")[0], "");
}

TEST(Match, NextMeansTheVeryNext) {
    EXPECT_THAT(judged("expect-next Status cmdref=0\nexpect-next Status cmdref=5\nexpect-next Results\n"),
                testing::Each(""));
    EXPECT_THAT(judged("expect-next Results\n")[0], HasSubstr("in its place stands Status"));
    EXPECT_THAT(judged("expect Results\nexpect-next Status\n")[1], HasSubstr("ends before it"));
}

TEST(Match, CountsAndRefuses) {
    EXPECT_EQ(judged("expect-count 2 Status\n")[0], "");
    EXPECT_THAT(judged("expect-count 3 Status\n")[0], HasSubstr("there are 2"));
    EXPECT_EQ(judged("expect-no Alert\n")[0], "");
    EXPECT_THAT(judged("expect-no Status data=200\n")[0], HasSubstr("the first is"));
    EXPECT_THAT(judged("expect Status cmdref=0\nexpect-nothing-else\n")[1], HasSubstr("there is also"));
}

TEST(Match, LooksAtTheHeaderAndTheBytes) {
    EXPECT_THAT(judged("expect-header session=$SESSION msgid=2 source=d bytes>=100\nexpect-final\n"),
                testing::Each(""));
    EXPECT_THAT(judged("expect-header msgid=3\n")[0], HasSubstr("msgid is \"2\""));
    EXPECT_THAT(judged("expect-no-final\n")[0], HasSubstr("has Final"));
    EXPECT_EQ(judged("exactly\n  <SyncML $ANY<SessionID>$SESSION</SessionID>$ANY</SyncML>\n")[0], "");
    EXPECT_THAT(judged("exactly\n  <SyncML xmlns=\"other\">\n")[0], HasSubstr("at byte 15"));
}

TEST(Match, KnowsComparisons) {
    EXPECT_THAT(judged("expect Status cmd=~^Sync data!=500\nexpect Results length<=3 items=2\n"), testing::Each(""));
    EXPECT_NE(judged("expect Results length>=4\n")[0], "");
}

TEST(Match, JoinsTheChunksOfOneObject) {
    const auto part = [](const char* data, bool more) {
        syncml::Command results;
        results.name = syncml::Name::results;
        auto& item = results.items.emplace_back();
        item.source = "./Big";
        item.data = data;
        item.more_data = more;
        return results;
    };
    std::vector<syncml::Command> package;
    gather(package, {part("ab", true)});
    gather(package, {part("cd", true)});
    gather(package, {part("e", false)});
    gather(package, {part("other", false)});
    ASSERT_EQ(package.size(), 2u);
    EXPECT_EQ(*package[0].items[0].data, "abcde");
    EXPECT_FALSE(package[0].items[0].more_data);
}

// --- rules ---

std::string with_body(const std::string& body, const std::string& msg_id = "2", const std::string& session = "7") {
    return "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>" +
           session + "</SessionID><MsgID>" + msg_id +
           "</MsgID><Target><LocURI>s</LocURI></Target><Source><LocURI>d</LocURI></Source></SyncHdr><SyncBody>" + body +
           "<Final/></SyncBody></SyncML>";
}

constexpr char opening[] =
    "<Alert><CmdID>2</CmdID><Data>1201</Data></Alert><Replace><CmdID>3</CmdID>"
    "<Item><Source><LocURI>./DevInfo/DevId</LocURI></Source><Data>d</Data></Item>"
    "<Item><Source><LocURI>./DevInfo/Man</LocURI></Source><Data>m</Data></Item>"
    "<Item><Source><LocURI>./DevInfo/Mod</LocURI></Source><Data>m</Data></Item>"
    "<Item><Source><LocURI>./DevInfo/DmV</LocURI></Source><Data>v</Data></Item>"
    "<Item><Source><LocURI>./DevInfo/Lang</LocURI></Source><Data>l</Data></Item></Replace>";
constexpr char two_gets[] = "<Get><CmdID>5</CmdID></Get><Get><CmdID>6</CmdID></Get>";
constexpr char header_status[] =
    "<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data></Status>";

std::string status(const char* id, const char* ref) {
    return std::string("<Status><CmdID>") + id + "</CmdID><MsgRef>1</MsgRef><CmdRef>" + ref +
           "</CmdRef><Cmd>Get</Cmd><Data>200</Data></Status>";
}

// The rules that the second message of a session breaks, after a server message with two Gets.
std::vector<std::string> broken(const std::string& second) {
    Rules rules;
    const auto first = rules.check(*syncml::read_xml(with_body(opening, "1")), 100);
    EXPECT_TRUE(first.empty()) << first[0].what;
    rules.sent(*syncml::read_xml(with_body(two_gets, "1")));
    std::vector<std::string> names;
    for (const auto& breach : rules.check(*syncml::read_xml(second), 100)) names.push_back(breach.rule);
    return names;
}

TEST(Rules, AreSilentAboutARightAnswer) {
    EXPECT_THAT(broken(with_body(header_status + status("2", "5") + status("3", "6"))), testing::IsEmpty());
}

TEST(Rules, NoticeEachKindOfBreach) {
    using testing::ElementsAre;
    const std::string right = header_status + status("2", "5") + status("3", "6");
    EXPECT_THAT(broken(with_body(right, "3")), ElementsAre("msgid"));
    EXPECT_THAT(broken(with_body(right, "2", "8")), ElementsAre("session"));
    EXPECT_THAT(broken(with_body(status("2", "5") + status("3", "6"))), ElementsAre("header-status"));
    EXPECT_THAT(broken(with_body(header_status + status("2", "5") + status("2", "6"))), ElementsAre("cmdid"));
    EXPECT_THAT(broken(with_body(header_status + status("2", "5"))), ElementsAre("answered"));
    EXPECT_THAT(broken(with_body(header_status + status("2", "6") + status("3", "5"))), ElementsAre("order"));
    EXPECT_THAT(broken(with_body(right + status("4", "9"))), ElementsAre("references"));
    EXPECT_THAT(broken(with_body(right + "<Add><CmdID>9</CmdID></Add>")), ElementsAre("commands"));
    EXPECT_THAT(broken(with_body(header_status +
                                 std::string("<Results><CmdID>9</CmdID><MsgRef>1</MsgRef><CmdRef>5</CmdRef>"
                                             "</Results>") +
                                 status("2", "5") + status("3", "6"))),
                ElementsAre("order"));
}

TEST(Rules, WantAWholePackageOne) {
    Rules rules;
    const auto found =
        rules.check(*syncml::read_xml(with_body("<Alert><CmdID>2</CmdID><Data>1201</Data></Alert>", "1")), 100);
    EXPECT_EQ(found.size(), 5u) << "one for each part of DevInfo";
}

TEST(Rules, HoldMaxMsgSize) {
    Rules rules;
    (void)rules.check(*syncml::read_xml(with_body(opening, "1")), 100);
    auto server = *syncml::read_xml(with_body("", "1"));
    server.header.meta.set().max_msg_size = "2000";
    rules.sent(server);
    const auto found = rules.check(*syncml::read_xml(with_body(header_status)), 2001);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].rule, "size");
}

}  // namespace
}  // namespace steward::transcript

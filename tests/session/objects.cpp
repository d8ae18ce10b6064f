// Large objects in both directions: BIG of the conformance table, F15 and F16 of the protocol sheet.
#include <gmock/gmock.h>

#include "agent/session/chunks.h"
#include "platform/base/bytes.h"
#include "platform/base/text.h"
#include "tests/session/dialogue.h"

namespace steward::session {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr char ok[] = "Status 0 SyncHdr 200";
constexpr char more[] = "Alert 1222";

Shape unfinished(const std::string& header = {}) {
    Shape shape;
    shape.final = false;
    shape.header = header;
    return shape;
}

std::string sizes(std::size_t message, std::size_t object = 0) {
    return "<Meta><MaxMsgSize xmlns=\"syncml:metinf\">" + std::to_string(message) + "</MaxMsgSize>" +
           (object == 0 ? std::string()
                        : "<MaxObjSize xmlns=\"syncml:metinf\">" + std::to_string(object) + "</MaxObjSize>") +
           "</Meta>";
}

struct SessionObjects : testing::Test, Dialogue {
    // Gathers the pieces of Results until our package is closed; checks the rules of each message.
    std::string upload(std::size_t limit) {
        std::string whole;
        std::size_t size = 0;
        bool first = true, complete = false;
        for (std::size_t i = 0; i < 10'000; ++i) {
            EXPECT_LE(body.size(), limit);
            std::size_t results = 0;
            for (const auto& command : sent.commands) {
                if (command.name != syncml::Name::results) continue;
                ++results;
                const auto& item = command.items.at(0);
                const std::string& stated = item.meta.get().size;
                EXPECT_EQ(stated.empty(), !first) << "Size stands on the first piece and on no other";
                if (first) size = static_cast<std::size_t>(to_integer(stated).value_or(0));
                first = false;
                EXPECT_TRUE(valid_utf8(*item.data));
                if (item.meta.format == "b64") {
                    EXPECT_EQ(item.data->size() % 4, 0U);
                }
                EXPECT_EQ(item.source, "./Blob");
                whole += *item.data;
                complete = !item.more_data;
            }
            EXPECT_EQ(results, 1U) << "one piece in each message";
            EXPECT_EQ(sent.final, complete);
            if (complete || !step.send) break;
            say("<Status><CmdID>2</CmdID><MsgRef>2</MsgRef><CmdRef>9</CmdRef><Cmd>Results</Cmd><Data>213</Data></"
                "Status>" +
                    alert("3", "1222"),
                unfinished());
        }
        EXPECT_EQ(whole.size(), size) << "Size is the length of the text";
        return whole;
    }
};

TEST_F(SessionObjects, BIG_01_F15_ThreePiecesBecomeOneValue) {
    open();
    say(piece("Add", "5", "./X", "9", "abc", true), unfinished());
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 5 Add 213", more));
    EXPECT_FALSE(sent.final);
    say(piece("Add", "3", "./X", "", "def", true), unfinished());
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 3 Add 213", more));
    EXPECT_THAT(model.operations, IsEmpty());
    say(piece("Add", "2", "./X", "", "ghi", false));
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 2 Add 200"));
    EXPECT_TRUE(sent.final);
    EXPECT_EQ(model.nodes["./X"].data, "abcdefghi");
    EXPECT_THAT(model.operations, SizeIs(1));
    EXPECT_EQ(session().counters().failed, 0U);
}

TEST_F(SessionObjects, BIG_01_TheMetaOfTheFirstPieceHoldsForTheWhole) {
    open();
    say("<Replace><CmdID>5</CmdID><Item><Target><LocURI>./X</LocURI></Target><Meta>"
        "<Format xmlns=\"syncml:metinf\">b64</Format><Type xmlns=\"syncml:metinf\">application/x</Type>"
        "<Size xmlns=\"syncml:metinf\">8</Size></Meta><Data>AAAA</Data><MoreData/></Item></Replace>",
        unfinished());
    say(piece("Replace", "6", "./X", "", "BBBB", false));
    ASSERT_THAT(model.operations, SizeIs(1));
    EXPECT_EQ(model.operations[0].format, "b64");
    EXPECT_EQ(model.operations[0].type, "application/x");
}

TEST_F(SessionObjects, BIG_01_FinalInTheMiddleOfAnObjectIsNotBelieved) {
    open();
    say(piece("Add", "5", "./X", "6", "abc", true));
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 5 Add 213", more));
    EXPECT_FALSE(sent.final);
    say(piece("Add", "6", "./X", "", "def", false));
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 6 Add 200"));
}

TEST_F(SessionObjects, BIG_02_F15_ASizeThatIsNotMetIs424AndNothingIsStored) {
    for (const auto& [size, last] : {std::pair{"7", "def"}, std::pair{"5", "def"}, std::pair{"6", "de"}}) {
        Dialogue one;
        one.open();
        one.say(piece("Add", "5", "./X", size, "abc", true), unfinished());
        one.say(piece("Add", "6", "./X", "", last, false));
        EXPECT_THAT(lines(one.sent), ElementsAre(ok, "Status 6 Add 424"));
        EXPECT_THAT(one.model.operations, IsEmpty());
        one.say(add("7", "./X", "new"));
        EXPECT_THAT(lines(one.sent), ElementsAre(ok, "Status 7 Add 200"));
    }
}

TEST_F(SessionObjects, BIG_03_F15_AnInterruptedObjectIsNamedByAnAlert) {
    open();
    say(piece("Add", "5", "./X", "9", "abc", true), unfinished());
    say(replace("6", "./Y", "1"));
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 6 Replace 200", "Alert 1225 ./X"));
    EXPECT_TRUE(sent.final);
    EXPECT_FALSE(model.nodes.contains("./X"));
    say(piece("Add", "7", "./X", "9", "abc", true), unfinished());
    say(piece("Add", "8", "./Z", "2", "z", true), unfinished());
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 8 Add 213", "Alert 1225 ./X", more));
    say(command("Atomic", "9", replace("10", "./Y", "2")));
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 9 Atomic 200", "Status 10 Replace 200", "Alert 1225 ./Z"));
}

TEST_F(SessionObjects, BIG_03_AnObjectThatItsPackageForgetsIsInterruptedToo) {
    open();
    say(piece("Add", "5", "./X", "9", "abc", true), unfinished());
    say();
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Alert 1225 ./X"));
    say();
    EXPECT_EQ(step.end, End::finished);
}

TEST_F(SessionObjects, BIG_04_AFirstPieceWithoutSizeIs411AndItsRestIsNoValue) {
    for (const char* size : {"", "many", "-4"}) {
        Dialogue one;
        one.open();
        one.say(piece("Replace", "5", "./X", size, "abc", true), unfinished());
        EXPECT_THAT(lines(one.sent), ElementsAre(ok, "Status 5 Replace 411", more));
        one.say(piece("Replace", "6", "./X", "", "def", true), unfinished());
        EXPECT_THAT(lines(one.sent), ElementsAre(ok, "Status 6 Replace 411", more));
        one.say(piece("Replace", "7", "./X", "", "ghi", false));
        EXPECT_THAT(lines(one.sent), ElementsAre(ok, "Status 7 Replace 411"));
        EXPECT_THAT(one.model.operations, IsEmpty()) << "the last piece alone must not become the value";
        one.say(replace("8", "./X", "new"));
        EXPECT_THAT(lines(one.sent), ElementsAre(ok, "Status 8 Replace 200"));
    }
}

TEST_F(SessionObjects, BIG_05_AnObjectBeyondOurLimitIs413BeforeItIsHeld) {
    settings.max_object_size = 100;
    open();
    say(piece("Add", "5", "./X", "101", "abc", true), unfinished());
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 5 Add 413", more));
    say(piece("Add", "6", "./X", "", "def", false));
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 6 Add 413"));
    say(piece("Add", "7", "./Y", "99999999999999999999", "abc", true), unfinished());
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 7 Add 411", more));
    EXPECT_THAT(model.operations, IsEmpty());
}

TEST_F(SessionObjects, BIG_05_AValueBeyondTheServersLimitIs413ForTheGet) {
    model.nodes["./Blob"].data = std::string(300, 'x');
    model.nodes["./A"].data = "small";
    open();
    say(command("Get", "5", item("./Blob") + item("./A")), [] {
        Shape shape;
        shape.header = sizes(4096, 299);
        return shape;
    }());
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 5 Get ./Blob 413", "Status 5 Get ./A 200", "Results 5 ./A=small"));
    say(get("6", "./Blob"));
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 6 Get ./Blob 413")) << "the limit holds for the session";
}

TEST_F(SessionObjects, BIG_01_PiecesInsideASequenceAreMalformed) {
    open();
    say(command("Sequence", "4", piece("Add", "5", "./X", "9", "abc", true) + add("6", "./Y", "1")));
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 4 Sequence 200", "Status 5 Add 400", "Status 6 Add 200"));
}

TEST_F(SessionObjects, BIG_06_F16_AValueLargerThanAMessageGoesUpInPieces) {
    std::string value;
    for (int i = 0; i < 3000; ++i) value += i % 7 == 0 ? "&<é€" : "plain";
    model.nodes["./Blob"].data = value;
    open();
    Shape small;
    small.header = sizes(2048);
    say(get("9", "./Blob"), small);
    EXPECT_THAT(lines(sent).at(1), "Status 9 Get ./Blob 200");
    EXPECT_EQ(upload(2048), value);
    say();
    EXPECT_EQ(step.end, End::finished);
}

TEST_F(SessionObjects, BIG_06_Base64IsCutBetweenGroups) {
    std::string raw;
    for (int i = 0; i < 20'000; ++i) raw += static_cast<char>(i * 31 % 251);
    model.nodes["./Blob"] = {to_base64(raw), csp::Format::b64};
    open();
    Shape small;
    small.header = sizes(3001);
    say(get("9", "./Blob"), small);
    EXPECT_EQ(from_base64(upload(3001)), raw);
}

TEST_F(SessionObjects, BIG_06_AValueThatFitsAMessageOfItsOwnIsNotCut) {
    model.nodes["./A"].data = std::string(900, 'a');
    model.nodes["./B"].data = std::string(900, 'b');
    open();
    Shape small;
    small.header = sizes(2048);
    say(get("5", "./A") + get("6", "./B"), small);
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 5 Get ./A 200", "Status 6 Get ./B 200", EndsWith("a")));
    EXPECT_FALSE(sent.final);
    say(alert("3", "1222"), unfinished());
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 3 Alert 200", EndsWith("b")));
    EXPECT_TRUE(sent.final);
    EXPECT_THAT(body, Not(HasSubstr("MoreData")));
}

TEST_F(SessionObjects, BIG_06_TheServerCanBreakAnUploadOff) {
    model.nodes["./Blob"].data = std::string(10'000, 'x');
    model.nodes["./A"].data = "small";
    const std::string refusals[] = {
        alert("3", "1225", item("./Blob")),
        "<Status><CmdID>2</CmdID><MsgRef>2</MsgRef><CmdRef>9</CmdRef><Cmd>Results</Cmd><Data>413</Data></Status>"};
    for (const auto& refusal : refusals) {
        open();
        server_messages = 0;
        Shape small;
        small.header = sizes(2048);
        say(command("Get", "9", item("./Blob") + item("./A")), small);
        EXPECT_THAT(lines(sent).back(), EndsWith("..."));
        say(refusal, unfinished());
        EXPECT_EQ(lines(sent).back(), "Results 9 ./A=small");
        EXPECT_TRUE(sent.final);
    }
}

TEST_F(SessionObjects, BIG_08_EightHundredKilobytesInOneItem) {
    const std::string value(800u << 10, 'A');
    open();
    say(command("Replace", "5", item("./X", value, "b64")));
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 5 Replace 200"));
    EXPECT_EQ(model.nodes["./X"].data, value);
    say(get("6", "./X"));
    EXPECT_EQ(sent.commands.back().items.at(0).data, value);
    EXPECT_TRUE(sent.final);
}

TEST_F(SessionObjects, BIG_01_06_FourMebibytesBothWaysThroughMessagesOf16Kibibytes) {
    const std::string value(4u << 20, 'v');
    constexpr std::size_t step_size = 12'000;
    open();
    for (std::size_t at = 0; at < value.size(); at += step_size) {
        const bool last = at + step_size >= value.size();
        Shape shape;
        shape.header = sizes(16u << 10);
        shape.final = last;
        say(piece("Replace", "5", "./Blob", at == 0 ? std::to_string(value.size()) : "", value.substr(at, step_size),
                  !last),
            shape);
        ASSERT_TRUE(step.send);
    }
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 5 Replace 200"));
    EXPECT_TRUE(model.nodes["./Blob"].data == value);
    say(get("9", "./Blob"));
    EXPECT_TRUE(upload(16u << 10) == value);
}

TEST(Chunks, CutNeverSplitsACharacterAndNeverGivesNothing) {
    const std::string text = "aé€😀&";
    for (std::size_t budget = 0; budget < 20; ++budget) {
        std::string_view rest = text;
        while (!rest.empty()) {
            const std::size_t length = cut(Encoding::xml, csp::Format::chr, rest, budget);
            ASSERT_GT(length, 0U);
            EXPECT_TRUE(valid_utf8(rest.substr(0, length)));
            rest.remove_prefix(length);
        }
    }
    EXPECT_EQ(cut(Encoding::xml, csp::Format::b64, "AAAABBBBCCCC", 7), 4U);
    EXPECT_EQ(cut(Encoding::xml, csp::Format::b64, "AAAABBBBCCCC", 12), 12U);
    EXPECT_EQ(cut(Encoding::xml, csp::Format::chr, "<<<<", 9), 2U) << "four bytes each, escaped";
}

}  // namespace
}  // namespace steward::session

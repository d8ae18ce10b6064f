#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/transcript.h"

namespace steward::transcript {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr char good[] =
    "# what it is for\n"
    "transcript X-01: a title\n"
    "covers F1 SES-06\n"
    "lenient order\n"
    "auth md5 user=dev-0001 secret=s3cr3t nonce=q83vASNFZ4k= next=Tm9uY2U=,eA== renew\n"
    "expect Alert data=1201\n"
    "server\n"
    "  <Get><CmdID>5</CmdID>\n"
    "    <Item><Target><LocURI>./DevDetail/SwV</LocURI></Target></Item></Get>\n"
    "\n"
    "expect Status cmd=Get data=200\n"
    "expect-nothing-else\n"
    "server http=503 empty http-Retry-After=120\n"
    "expect-silence\n"
    "end finished messages=2\n"
    "session\n"
    "client encoding=wbxml\n"
    "expect-header msgid=1\n"
    "exactly\n"
    "  <SyncML>\n"
    "   $ANY</SyncML>\n"
    "end any\n";

TEST(TranscriptParse, ReadsEveryKindOfStep) {
    const auto made = parse(good, "x.transcript");
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_EQ(made->id, "X-01");
    EXPECT_EQ(made->title, "a title");
    EXPECT_EQ(made->covers, (std::vector<std::string>{"F1", "SES-06"}));
    ASSERT_EQ(made->sessions.size(), 2u);
    const auto& first = made->sessions[0];
    EXPECT_EQ(first.auth.kind, session::Auth::md5);
    EXPECT_EQ(first.auth.nonce->size(), 8u) << "the nonce is decoded";
    EXPECT_EQ(first.auth.challenges.size(), 2u);
    ASSERT_EQ(first.exchanges.size(), 3u);
    EXPECT_EQ(first.exchanges[0].expected[0].line, 6u);
    EXPECT_EQ(first.exchanges[0].answer->text,
              "<Get><CmdID>5</CmdID>\n  <Item><Target><LocURI>./DevDetail/SwV</LocURI></Target></Item></Get>")
        << "the block loses the indentation of its first line only";
    EXPECT_EQ(first.exchanges[1].answer->http, 503);
    EXPECT_EQ(first.exchanges[1].answer->http_headers[0].first, "Retry-After");
    EXPECT_FALSE(first.exchanges[2].answer);
    EXPECT_EQ(first.end->messages, 2u);
    EXPECT_EQ(made->sessions[1].client.at("encoding"), "wbxml");
    EXPECT_EQ(made->sessions[1].auth.kind, session::Auth::md5) << "proofs stay from session to session";
    EXPECT_FALSE(made->sessions[1].auth.nonce) << "nonces come from the session before, not from the file";
    EXPECT_EQ(made->sessions[1].exchanges[0].expected[1].text, "<SyncML>\n $ANY</SyncML>");
}

struct Bad {
    const char* text;
    const char* says;
};

class TranscriptRefuses : public testing::TestWithParam<Bad> {};

TEST_P(TranscriptRefuses, WithTheLineAndTheReason) {
    const auto made = parse(GetParam().text, "bad.transcript");
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error().what, StartsWith("bad.transcript"));
    EXPECT_THAT(made.error().what, HasSubstr(GetParam().says));
}

const Bad bad[] = {
    {"", "does not begin with \"transcript ID: title\""},
    {"server\n", "line 1: The file does not begin"},
    {"transcript a b: c\n", "line 1: A transcript wants an id without blanks"},
    {"transcript A: b\ntranscript B: c\n", "line 2: A file holds one transcript"},
    {"transcript A: b\n", "no server step and no expectation"},
    {"transcript A: b\nexpct Status\n", "line 2: \"expct\" is no step of a transcript"},
    {"transcript A: b\n  <Get/>\n", "line 2: This indented line belongs to no step"},
    {"transcript A: b\nexpect Staus\n", "line 2: \"Staus\" is no command"},
    {"transcript A: b\nexpect Status dta=200\n", "line 2: \"dta\" is no key here"},
    {"transcript A: b\nexpect Status 200\n", "line 2: \"200\" should be key=value"},
    {"transcript A: b\nexpect\n", "line 2: \"expect\" wants the name of a command"},
    {"transcript A: b\nexpect Status data=~(\n", "line 2: \"(\" is no regular expression"},
    {"transcript A: b\nexpect-count Status\n", "line 2: expect-count wants a number first"},
    {"transcript A: b\nexpect-header\n", "line 2: expect-header wants at least one"},
    {"transcript A: b\nexpect-final now\n", "line 2: \"expect-final\" stands alone"},
    {"transcript A: b\nexactly\nend any\n", "\"exactly\" wants the bytes"},
    {"transcript A: b\nserver fnal\n", "line 2: \"fnal\" is no word of an answer"},
    {"transcript A: b\nserver http=99\n", "line 2: \"99\" is no HTTP status"},
    {"transcript A: b\nserver frm=1\n", "line 2: \"frm\" is no attribute of an answer"},
    {"transcript A: b\nserver empty\n  <Get/>\n", "line 2: An empty answer has no block"},
    {"transcript A: b\nserver base64\n  !!!\n", "line 2: The block below is no base64"},
    {"transcript A: b\nserver\n  <Get>\n  <Item>\n  </Get>\n", "line 5"},
    {"transcript A: b\nserver\n  $REPEAT(2,x\n", "$REPEAT has no closing parenthesis"},
    {"transcript A: b\nauth md4 user=x\n", "line 2: \"md4\" is no authentication"},
    {"transcript A: b\nauth md5 usr=x\n", "line 2: \"usr\" is no attribute of auth"},
    {"transcript A: b\nauth\n", "line 2: auth wants its kind first"},
    {"transcript A: b\nserver-auth md5 x\n", "line 2: \"x\" is no attribute of server-auth"},
    {"transcript A: b\nclient colour=red\n", "line 2: \"colour\" is no setting of the client"},
    {"transcript A: b\nclient max-messages=many\n", "line 2: \"max-messages\" wants a number"},
    {"transcript A: b\nlenient everything\n", "line 2: \"everything\" is no rule"},
    {"transcript A: b\nmax-message big\n", "line 2: \"max-message\" wants a number"},
    {"transcript A: b\nserver\nend happily\n", "line 3: \"happily\" is no end of a session"},
    {"transcript A: b\nserver\nend\n", "line 3: end wants to know how"},
    {"transcript A: b\nserver\nend any\nserver\n", "line 4: The session ended above"},
    {"transcript A: b\nserver\nsession\n", "line 3: The session before has no line \"end\""},
    {"transcript A: b\nexpect Status data=\"x\n", "line 2: a quote is not closed"},
    {"transcript A: \xff\n", "must be UTF-8"},
};
INSTANTIATE_TEST_SUITE_P(Lines, TranscriptRefuses, testing::ValuesIn(bad),
                         [](const auto& each) { return "case_" + std::to_string(each.index + 1); });

// The form that steward sync --record writes; another spelling there would make recordings unreadable.
TEST(TranscriptParse, ReadsRecordings) {
    const auto made = parse(
        "transcript RECORDED: a session with Corp\n"
        "client server-id=\"Corp\" url=\"https://mdm.example/s\" session=\"7\"\n"
        "client dev-id=\"d\" man=\"m\" mod=\"\" dmv=\"1.3\" lang=\"en-US\" login=\"user\"\n"
        "exactly\n  <SyncML>$ANY</SyncML>\n"
        "server raw http=500 type=\"text/html\"\n  <html/>\n"
        "end failed messages=1\n",
        "x");
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_EQ(made->sessions[0].client.at("session"), "7");
    EXPECT_EQ(made->sessions[0].exchanges[0].answer->content_type, "text/html");
    EXPECT_EQ(made->sessions[0].exchanges[0].answer->http, 500);
}

TEST(TranscriptParse, SaysWhichFileIsMissing) {
    const auto made = load("/nowhere/at-all.transcript");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().fault, Fault::not_found);
    EXPECT_THAT(made.error().what, HasSubstr("/nowhere/at-all.transcript"));
}

TEST(TranscriptParse, AcceptsWindowsLineEnds) {
    const auto made = parse("transcript A: b\r\nexpect Alert data=1201\r\nserver\r\nend finished\r\n", "x");
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_EQ(made->sessions[0].exchanges[0].expected[0].wanted[0].value, "1201");
}

}  // namespace
}  // namespace steward::transcript

// What a server hears while its commands take long. Source: MS-MDE2, DMClient EnableOmaDmKeepAliveMessage.
#include <gmock/gmock.h>

#include "tests/session/dialogue.h"

namespace steward::session {
namespace {

using testing::ElementsAre;

struct SessionPending : testing::Test, Dialogue, Execution {
    std::vector<std::string> said;
    std::vector<std::string> urls;
    std::size_t executed = 0;
    int ends = 0;

    SessionPending() { settings.execution = this; }
    void begins(std::function<Outgoing()> pending) override {
        executed = model.calls.size();
        for (int i = 0; i < 2; ++i) {
            const Outgoing message = pending();
            said.push_back(message.body);
            urls.push_back(message.url);
        }
    }
    void ended() override {
        EXPECT_GT(model.calls.size(), executed) << "the commands run in between";
        ++ends;
    }
};

TEST_F(SessionPending, SaysByteForByteWhatWindowsDoesAndNeitherStatusNorFinal) {
    open();
    Shape shape;
    shape.header = "<RespURI>https://mdm.example/dm?go=on</RespURI>";
    say(replace("5", "./A", "1"), shape);
    ASSERT_EQ(said.size(), 2U);
    EXPECT_EQ(said[0],
              "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto>"
              "<SessionID>7</SessionID><MsgID>2</MsgID><Target><LocURI>https://mdm.example/dm</LocURI></Target>"
              "<Source><LocURI>device-1</LocURI></Source></SyncHdr><SyncBody><Alert><CmdID>1</CmdID><Data>1224</Data>"
              "<Item><Meta><Type xmlns=\"syncml:metinf\">Reversed-Domain-Name:com.microsoft.mdm.requestpending</Type>"
              "</Meta><Data>1</Data></Item></Alert></SyncBody></SyncML>");
    EXPECT_THAT(said[1], testing::HasSubstr("<MsgID>3</MsgID>"));
    EXPECT_THAT(urls, ElementsAre("https://mdm.example/dm?go=on", "https://mdm.example/dm?go=on"));
    EXPECT_EQ(ends, 1);
    EXPECT_EQ(sent.header.msg_id, "4") << "each message has a number of its own";
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 5 Replace 200"));
    EXPECT_TRUE(sent.final);
    say();
    EXPECT_EQ(step.end, End::finished);
}

TEST_F(SessionPending, NothingIsSaidWhereEachMessageNeedsAProofOfItsOwn) {
    settings.client = {Auth::md5, "device", "secret", "nonce", true};
    open();
    say(replace("5", "./A", "1"));  // 200: not for the whole session
    EXPECT_TRUE(said.empty());
    Shape shape;
    shape.header_status = "212";
    say(replace("6", "./A", "2"), shape);
    EXPECT_EQ(said.size(), 2U);
}

}  // namespace
}  // namespace steward::session

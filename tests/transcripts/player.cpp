#include "tests/support/player.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/session/credentials.h"
#include "agent/syncml/read.h"
#include "agent/syncml/write.h"
#include "platform/base/bytes.h"
#include "tests/support/describe.h"
#include "tests/support/personality.h"

namespace steward::transcript {
namespace {

using testing::HasSubstr;

// A client that says what it is told to.
struct Client {
    syncml::Header header;
    int messages = 0;

    explicit Client(const std::string& session = "1") {
        header.ver_dtd = "1.2";
        header.ver_proto = "DM/1.2";
        header.session_id = session;
        header.target.uri = "https://s";
        header.source.uri = "d";
    }
    std::string message(const std::string& commands, bool final = true) {
        syncml::Message made;
        header.msg_id = std::to_string(++messages);
        made.header = header;
        made.commands = *read_commands(commands);
        made.final = final;
        return syncml::write_xml(made);
    }
    static std::string opening() {
        std::string items;
        for (const char* name : {"DevId", "Man", "Mod", "DmV", "Lang"}) {
            items += std::string("<Item><Source><LocURI>./DevInfo/") + name + "</LocURI></Source><Data>x</Data></Item>";
        }
        return "<Alert><CmdID>2</CmdID><Data>1201</Data></Alert><Replace><CmdID>3</CmdID>" + items + "</Replace>";
    }
    static std::string header_status() {
        return "<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data></"
               "Status>";
    }
};

ClientMessage xml(std::string body, std::string hmac = {}) {
    return {"application/vnd.syncml.dm+xml; charset=utf-8", std::move(body), std::move(hmac), "https://s",
            std::nullopt};
}

std::shared_ptr<const Transcript> script(const std::string& lines) {
    auto made = parse("transcript A: b\n" + lines, "x");
    EXPECT_TRUE(made) << (made ? "" : made.error().what);
    return std::make_shared<const Transcript>(std::move(*made));
}

std::string failures(const Player& player) {
    std::string text;
    for (const auto& finding : player.findings()) {
        if (!finding.passed) text += finding.what + ": " + finding.seen + '\n';
    }
    return text;
}

TEST(Player, FillsInHeaderStatusesAndIds) {
    Player player(script("server\n  <Get><Item><Target><LocURI>./A</LocURI></Target></Item></Get>\nend finished\n"),
                  {});
    Client client("42");
    const auto reply = player.answer(xml(client.message(Client::opening())));
    const auto said = syncml::read_xml(reply.body);
    ASSERT_TRUE(said) << reply.body;
    EXPECT_EQ(said->header.session_id, "42");
    EXPECT_EQ(said->header.msg_id, "1");
    EXPECT_EQ(said->header.target.uri, "d");
    EXPECT_EQ(said->header.source.uri, "https://s");
    ASSERT_EQ(said->commands.size(), 4u);
    EXPECT_EQ(said->commands[0].get().cmd, "SyncHdr");
    EXPECT_EQ(said->commands[1].get().cmd_ref, "2");
    EXPECT_EQ(said->commands[2].get().cmd, "Replace");
    EXPECT_EQ(said->commands[3].cmd_id, "4") << "a CmdID that was left out";
    EXPECT_TRUE(said->final);
    EXPECT_FALSE(player.session_over());
}

TEST(Player, EndsTheSessionWhenNothingIsLeft) {
    Player player(script("server\nexpect-silence\nend finished messages=1\n"), {});
    Client client;
    (void)player.answer(xml(client.message(Client::opening())));
    EXPECT_TRUE(player.session_over());
    EXPECT_TRUE(player.finished());
    player.end_session(session::End::finished);
    EXPECT_TRUE(player.passed()) << failures(player);
    EXPECT_EQ(player.findings().size(), 3u);
}

TEST(Player, ReportsAMessageWhereSilenceWasDue) {
    Player player(script("server\nexpect-silence\nend finished\n"), {});
    Client client;
    (void)player.answer(xml(client.message(Client::opening())));
    (void)player.answer(xml(client.message(Client::header_status())));
    EXPECT_THAT(failures(player), HasSubstr("expect-silence: the client sent a message"));
}

TEST(Player, ReportsWhatTheClientNeverAskedFor) {
    Player player(script("server\n  <Get><CmdID>5</CmdID></Get>\nexpect Status cmd=Get\nserver\nend finished\n"), {});
    Client client;
    (void)player.answer(xml(client.message(Client::opening())));
    player.end_session(session::End::failed);
    EXPECT_THAT(failures(player), HasSubstr("expect Status cmd=Get: the client sent no message more"));
    EXPECT_THAT(failures(player), HasSubstr("end finished: the client reports failed"));
}

TEST(Player, ChallengesAndAcceptsMd5) {
    Player player(script("auth md5 user=dev-0001 secret=s3cr3t next=q83vASNFZ4k=\nserver\nend finished\n"), {});
    Client client;
    const auto challenge = syncml::read_xml(player.answer(xml(client.message(Client::opening()))).body);
    ASSERT_TRUE(challenge);
    EXPECT_EQ(challenge->commands[0].data, "407");
    ASSERT_TRUE(challenge->commands[0].get().chal);
    EXPECT_EQ(challenge->commands[0].get().chal->get().next_nonce, "q83vASNFZ4k=");
    EXPECT_EQ(challenge->commands[1].data, "407") << "nothing is executed before the client is known";

    client.header.source.name = "dev-0001";
    client.header.cred = syncml::Credential{{"b64", "syncml:auth-md5"}, "cZBOkultdwbAJMeg4a+3Tw=="};
    const auto accepted =
        syncml::read_xml(player.answer(xml(client.message(Client::header_status() + Client::opening()))).body);
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->commands[0].data, "212");
}

TEST(Player, RefusesAWrongSecretAndStops) {
    Player player(script("auth basic user=a secret=b\nserver\nend any\n"), {});
    Client client;
    client.header.cred = syncml::Credential{{"b64", "syncml:auth-basic"}, session::basic_proof("a", "wrong")};
    for (int i = 0; i < 4; ++i) {
        const auto said = syncml::read_xml(
            player.answer(xml(client.message(i == 0 ? Client::opening() : Client::header_status()))).body);
        EXPECT_EQ(said->commands[0].data, "401");
    }
    EXPECT_THAT(failures(player), HasSubstr("the client stops when its credentials are refused"));
}

TEST(Player, ChecksTheMacOfTheBody) {
    const auto lines = "auth mac user=dev-0001 secret=s3cr3t nonce=q83vASNFZ4k=\nserver\nend any\n";
    Client client;
    const auto body = client.message(Client::opening());
    const auto nonce = *from_hex("abcdef0123456789");
    const auto proof = session::hmac_header("dev-0001", session::mac_proof("dev-0001", "s3cr3t", nonce, body));
    Player right(script(lines), {});
    const auto said = syncml::read_xml(right.answer(xml(body, proof)).body);
    EXPECT_EQ(said->commands[0].data, "200") << "never 212 with MAC";
    EXPECT_TRUE(said->commands[0].get().chal) << "and always a nonce for the next message";
    Player wrong(script(lines), {});
    EXPECT_EQ(syncml::read_xml(wrong.answer(xml(body + " ", proof)).body)->commands[0].data, "401");
}

TEST(Player, ProvesItselfAndTakesTheNextNonce) {
    Player player(script("server-auth md5 user=srv secret=pw nonce=Tm9uY2U=\nserver\n  <Get><CmdID>7</CmdID></Get>\n"
                         "expect Status cmd=SyncHdr data=200\nserver\n  <Get><CmdID>8</CmdID></Get>\nend any\n"),
                  {});
    Client client;
    auto said = syncml::read_xml(player.answer(xml(client.message(Client::opening()))).body);
    ASSERT_TRUE(said->header.cred);
    EXPECT_EQ(said->header.cred->data, session::md5_proof("srv", "pw", "Nonce"));
    const std::string answer =
        "<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Chal><Meta>"
        "<Type>syncml:auth-md5</Type><NextNonce>eHl6</NextNonce></Meta></Chal><Data>200</Data></Status>"
        "<Status><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>7</CmdRef><Cmd>Get</Cmd><Data>404</Data></Status>";
    said = syncml::read_xml(player.answer(xml(client.message(answer))).body);
    ASSERT_TRUE(said->header.cred);
    EXPECT_EQ(said->header.cred->data, session::md5_proof("srv", "pw", "xyz"));
}

TEST(Player, GathersAPackageOfSeveralMessages) {
    Player player(script("gather\nserver\n  <Get><CmdID>7</CmdID></Get>\nexpect Results source=./Big data=abcd\n"
                         "expect Status cmd=Get\nend any\n"),
                  {});
    Client client;
    (void)player.answer(xml(client.message(Client::opening())));
    const auto chunk = [](const char* id, const char* data, const char* more) {
        return std::string("<Results><CmdID>") + id +
               "</CmdID><MsgRef>1</MsgRef><CmdRef>7</CmdRef><Item><Source><LocURI>./Big</LocURI></Source><Data>" +
               data + "</Data>" + more + "</Item></Results>";
    };
    const std::string status =
        "<Status><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>7</CmdRef><Cmd>Get</Cmd><Data>200</Data></Status>";
    const auto said = syncml::read_xml(
        player.answer(xml(client.message(Client::header_status() + status + chunk("3", "ab", "<MoreData/>"), false)))
            .body);
    EXPECT_FALSE(said->final);
    EXPECT_EQ(said->commands[1].data, "213") << "a chunk is acknowledged";
    EXPECT_EQ(said->commands[2].data, "1222") << "and the next one asked for";
    const std::string next =
        "<Status><CmdID>2</CmdID><MsgRef>2</MsgRef><CmdRef>3</CmdRef><Cmd>Alert</Cmd><Data>200</Data></Status>";
    (void)player.answer(xml(client.message(Client::header_status() + next + chunk("3", "cd", ""))));
    EXPECT_TRUE(player.passed()) << failures(player);
}

TEST(Player, NeverAsksForMoreWhileItsOwnPackageIsOpen) {
    Player player(script("gather\nserver no-final\n  <Get><CmdID>7</CmdID></Get>\nexpect Status cmd=Get\nend any\n"),
                  {});
    Client client;
    (void)player.answer(xml(client.message(Client::opening())));
    const std::string status =
        "<Status><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>7</CmdRef><Cmd>Get</Cmd><Data>200</Data></Status>";
    const auto said =
        syncml::read_xml(player.answer(xml(client.message(Client::header_status() + status, false))).body);
    EXPECT_EQ(said->commands.size(), 1u) << "the Status for the header and no Alert 1222";
    EXPECT_TRUE(said->final);
    EXPECT_TRUE(player.passed()) << failures(player);
}

TEST(Player, KeepsPersonalities) {
    for (const auto& name : personality_names()) {
        auto made = personality(name);
        ASSERT_TRUE(made) << name;
        made->manner.delay = {};
        Player player(std::make_shared<const Transcript>(made->script), made->manner);
        Client client;
        auto reply = player.answer(xml(client.message(Client::opening())));
        if (name == "busy") {
            EXPECT_EQ(reply.http_status, 503);
            Client again("2");
            reply = player.answer(xml(again.message(Client::opening())));
        }
        EXPECT_EQ(reply.http_status, 200) << name;
        if (name == "empty-200") {
            EXPECT_EQ(reply.body, "");
            continue;
        }
        const auto said = syncml::read_xml(reply.body);
        ASSERT_TRUE(said) << name << '\n' << reply.body;
        EXPECT_EQ(said->final, name != "fleet") << name;
        if (name == "fleet") {
            EXPECT_THAT(reply.body, HasSubstr("<!-- CmdID generated"));
        }
        if (name == "wso2") {
            EXPECT_TRUE(said->header.cred);
        }
        if (name == "endless") {
            EXPECT_EQ(said->commands.back().name, syncml::Name::get);
        }
        if (name == "short-body") {
            EXPECT_GT(reply.length_error, 0);
        }
        if (name == "rekeying") {
            EXPECT_THAT(reply.body, HasSubstr("AAuthSecret"));
        }
    }
    EXPECT_THAT(personality("nobody").error().what, HasSubstr("fleet"));
}

TEST(Player, RefusesWhatIsNoSyncml) {
    Player player(script("server\nend any\n"), {});
    EXPECT_EQ(player.answer({"text/html", "<html/>", "", "", std::nullopt}).http_status, 415);
    EXPECT_EQ(player.answer(xml("<SyncML>")).http_status, 400);
    EXPECT_THAT(failures(player), HasSubstr("the Content-Type is \"text/html\""));
}

TEST(Player, SpeaksWbxmlToThoseWhoDo) {
    Player player(script("expect Alert data=1201\nserver\n  <Get><CmdID>5</CmdID></Get>\nend any\n"), {});
    Client client;
    auto message = *syncml::read_xml(client.message(Client::opening()));
    const auto reply = player.answer(
        {"application/vnd.syncml.dm+wbxml", syncml::write(syncml::Encoding::wbxml, message), "", "", std::nullopt});
    EXPECT_EQ(reply.content_type, "application/vnd.syncml.dm+wbxml");
    EXPECT_TRUE(syncml::read(syncml::Encoding::wbxml, reply.body));
    EXPECT_TRUE(player.passed()) << failures(player);
}

TEST(Describe, HidesSecrets) {
    const auto commands = *read_commands(
        "<Replace><CmdID>1</CmdID><Item><Target><LocURI>./A/AAuthSecret</LocURI></Target><Data>hunter2</Data></Item></"
        "Replace>");
    EXPECT_EQ(describe(commands[0]).find("hunter2"), std::string::npos);
    const std::string xml_text =
        "<Cred><Meta/><Data>proof</Data></Cred><Item><Target><LocURI>./A/Password</LocURI></Target><Data>hunter2</"
        "Data></Item>"
        "<NextNonce>abc</NextNonce><Item><Target><LocURI>./A/B</LocURI></Target><Data>open</Data></Item>";
    const auto hidden = redact(xml_text);
    for (const char* secret : {"proof", "hunter2", ">abc<"})
        EXPECT_EQ(hidden.find(secret), std::string::npos) << secret;
    EXPECT_THAT(hidden, HasSubstr("open"));
}

}  // namespace
}  // namespace steward::transcript

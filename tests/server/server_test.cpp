// The whole server over real sockets: TLS, several clients, transcripts, exit codes.
#include "tests/server/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "agent/syncml/read.h"
#include "tests/server/client.h"
#include "tests/server/options.h"
#include "tests/server/running.h"
#include "tests/support/temporary_directory.h"

namespace steward::server {
namespace {

using testing::HasSubstr;

std::string package_1(const std::string& device, const std::string& session = "1") {
    std::string items;
    for (const char* name : {"DevId", "Man", "Mod", "DmV", "Lang"}) {
        items += std::string("<Item><Source><LocURI>./DevInfo/") + name + "</LocURI></Source><Data>x</Data></Item>";
    }
    return "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>" +
           session +
           "</SessionID><MsgID>1</MsgID><Target><LocURI>https://localhost/</LocURI></Target><Source><LocURI>" + device +
           "</LocURI></Source></SyncHdr><SyncBody><Alert><CmdID>2</CmdID><Data>1201</Data></Alert><Replace><CmdID>3</"
           "CmdID>" +
           items + "</Replace><Final/></SyncBody></SyncML>";
}

std::string package_3(const std::string& device, const std::string& cmd_ref, const std::string& code) {
    return "<SyncML "
           "xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID>"
           "<MsgID>2</MsgID><Target><LocURI>https://localhost/</LocURI></Target><Source><LocURI>" +
           device +
           "</LocURI></Source></SyncHdr><SyncBody><Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef>"
           "<Cmd>SyncHdr</Cmd><Data>200</Data></Status><Status><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>" +
           cmd_ref + "</CmdRef><Cmd>Get</Cmd><Data>" + code + "</Data></Status><Final/></SyncBody></SyncML>";
}

constexpr char one_get[] =
    "transcript GET-X: one Get\n"
    "server\n"
    "  <Get><CmdID>9</CmdID><Item><Target><LocURI>./A</LocURI></Target></Item></Get>\n"
    "expect Status cmdref=9 data=200\n"
    "server\n"
    "end finished messages=2\n";

TEST(TestServer, PlaysATranscriptOverTlsAndEndsByItself) {
    const test::TemporaryDirectory dir;
    const auto script = dir.write("GET-X.transcript", one_get);
    Running server({"--ca-out", dir.path() + "/ca.pem", "--transcript", script, "--once", "1", "--json",
                    dir.path() + "/out.json"});
    auto client = TestClient::connect(server.port(), dir.read("ca.pem"), "localhost");
    ASSERT_TRUE(client) << client.error().what << ' ' << client.error().evidence;
    EXPECT_EQ(client->protocol(), "TLSv1.3");
    const auto first = client->post("/", package_1("d"));
    ASSERT_TRUE(first) << first.error().what;
    EXPECT_EQ(first->status, 200);
    EXPECT_THAT(first->body, HasSubstr("<CmdID>9</CmdID>"));
    const auto second = client->post("/", package_3("d", "9", "200"));
    ASSERT_TRUE(second) << second.error().what;
    EXPECT_EQ(server.wait(), exit_passed) << server.output();
    EXPECT_THAT(server.output(), HasSubstr("pass line 4: expect Status cmdref=9 data=200"));
    EXPECT_THAT(server.output(), HasSubstr("1 played, 1 passed"));
    const auto report = nlohmann::json::parse(dir.read("out.json"));
    EXPECT_EQ(report["passed"], true);
    EXPECT_EQ(report["played"][0]["id"], "GET-X");
    EXPECT_EQ(report["played"][0]["device"], "d");
}

TEST(TestServer, SaysWhatFailedAndHowItEnded) {
    const test::TemporaryDirectory dir;
    const auto script = dir.write("GET-X.transcript", one_get);
    Running server({"--http", "--transcript", script, "--once", "1"});
    auto client = TestClient::connect(server.port(), "", "");
    ASSERT_TRUE(client->post("/", package_1("d")));
    ASSERT_TRUE(client->post("/", package_3("d", "9", "500")));
    EXPECT_EQ(server.wait(), exit_failed);
    EXPECT_THAT(server.output(), HasSubstr("FAIL line 4: expect Status cmdref=9 data=200: there is none"));
    EXPECT_THAT(server.output(), HasSubstr("FAILED GET-X by d"));
}

TEST(TestServer, TakesTheTranscriptThatThePathNames) {
    const test::TemporaryDirectory dir;
    dir.write("A-01.transcript", "transcript A-01: first\nserver\n  <Get><CmdID>aaa</CmdID></Get>\nend any\n");
    dir.write("B-01.transcript", "transcript B-01: second\nserver\n  <Get><CmdID>bbb</CmdID></Get>\nend any\n");
    Running server({"--http", "--transcript", dir.path()});
    auto client = TestClient::connect(server.port(), "", "");
    EXPECT_THAT(client->post("/B-01?mode=Maintenance", package_1("d"))->body, HasSubstr("bbb"));
    EXPECT_THAT(client->post("/", package_1("e"))->body, HasSubstr("aaa"));
    EXPECT_THAT(client->post("/", package_1("e", "2"))->body, HasSubstr("bbb")) << "the next one in turn";
}

TEST(TestServer, ServesManyClientsAtOnce) {
    Running server({"--http", "--connections", "4", "--personality", "plain", "--once", "12"});
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int i = 0; i < 12; ++i) {
        threads.emplace_back([&, i] {
            auto client = TestClient::connect(server.port(), "", "");
            if (!client) return;
            const auto reply = client->post("/", package_1("device-" + std::to_string(i)));
            if (reply && reply->status == 200 && reply->body.find("device-" + std::to_string(i)) != std::string::npos)
                ++good;
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(good, 12);
    EXPECT_EQ(server.wait(), exit_passed) << server.output();
}

TEST(TestServer, SendsTheCommandsOfAFileOnceToEachDevice) {
    const test::TemporaryDirectory dir;
    const auto bare =
        dir.write("bare.xml", "<Get><CmdID>from-file</CmdID><Item><Target><LocURI>./A</LocURI></Target></Item></Get>");
    const auto whole = dir.write("whole.xml",
                                 "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD></SyncHdr><SyncBody>"
                                 "<Get><CmdID>from-file</CmdID><Item><Target><LocURI>./A</LocURI></Target></Item></Get>"
                                 "<Final/></SyncBody></SyncML>\n");
    for (const auto& file : {bare, whole}) {
        Running server({"--http", "--commands", file});
        auto client = TestClient::connect(server.port(), "", "");
        const auto first = client->post("/", package_1("d"))->body;
        EXPECT_THAT(first, HasSubstr("from-file")) << file;
        const auto read = syncml::read_xml(first);
        ASSERT_TRUE(read) << first;
        EXPECT_TRUE(read->final);
        EXPECT_THAT(client->post("/", package_1("d", "2"))->body, testing::Not(HasSubstr("from-file"))) << file;
        EXPECT_THAT(client->post("/", package_1("e"))->body, HasSubstr("from-file")) << file;
    }
}

TEST(TestServer, WantsAClientCertificateWhereToldTo) {
    const test::TemporaryDirectory dir;
    Running server({"--ca-out", dir.path() + "/ca.pem", "--mutual-tls", "--client-cert-out", dir.path() + "/c.pem",
                    "--client-key-out", dir.path() + "/c.key"});
    const auto ca = dir.read("ca.pem");
    auto right = TestClient::connect(server.port(), ca, "localhost", {dir.read("c.pem"), dir.read("c.key")});
    ASSERT_TRUE(right) << right.error().evidence;
    EXPECT_EQ(right->post("/", package_1("d"))->status, 200);

    // In TLS 1.3 the client learns of the refusal when it reads.
    auto none = TestClient::connect(server.port(), ca, "localhost");
    EXPECT_FALSE(none && none->post("/", package_1("d")));
    const auto stranger = Authority::make("another CA");
    const auto theirs = stranger->client("somebody");
    auto foreign = TestClient::connect(server.port(), ca, "localhost", *theirs);
    EXPECT_FALSE(foreign && foreign->post("/", package_1("d")));
    EXPECT_EQ(server.stop(), exit_passed);
    EXPECT_THAT(server.output(), HasSubstr("The TLS handshake failed."));
}

TEST(TestServer, ShowsACertificateForItsNamesAndNoOldTls) {
    const test::TemporaryDirectory dir;
    Running server({"--ca-out", dir.path() + "/ca.pem", "--name", "mdm.example"});
    const auto ca = dir.read("ca.pem");
    EXPECT_TRUE(TestClient::connect(server.port(), ca, "mdm.example"));
    EXPECT_FALSE(TestClient::connect(server.port(), ca, "other.example"));
    EXPECT_FALSE(TestClient::connect(server.port(), Authority::make("another CA")->certificate(), "mdm.example"));
    EXPECT_FALSE(TestClient::connect(server.port(), ca, "mdm.example", {}, TLS1_1_VERSION));
    auto older = TestClient::connect(server.port(), ca, "mdm.example", {}, TLS1_2_VERSION);
    ASSERT_TRUE(older);
    EXPECT_EQ(older->protocol(), "TLSv1.2");
}

TEST(TestServer, EndsOnlyAfterASlowAnswer) {
    Running server({"--http", "--delay", "1200", "--once", "1"});
    auto client = TestClient::connect(server.port(), "", "");
    const auto reply = client->post("/", package_1("d"));
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->status, 200);
    EXPECT_EQ(server.wait(), exit_passed);
}

TEST(TestServer, RefusesWhatIsNoPost) {
    Running server({"--http"});
    auto client = TestClient::connect(server.port(), "", "");
    EXPECT_EQ(client->post("/", "<html/>", "text/html")->status, 415);
}

TEST(TestServer, NeverPrintsSecrets) {
    const test::TemporaryDirectory dir;
    const auto commands = dir.write("c.xml",
                                    "<Replace><CmdID>7</CmdID><Item><Target><LocURI>./A/AAuthSecret</LocURI></Target>"
                                    "<Data>hunter2</Data></Item></Replace>");
    Running server({"--http", "--commands", commands, "--trace", "full"});
    auto client = TestClient::connect(server.port(), "", "");
    EXPECT_THAT(client->post("/", package_1("d"))->body, HasSubstr("hunter2"));
    server.stop();
    EXPECT_THAT(server.output(), HasSubstr("AAuthSecret"));
    EXPECT_THAT(server.output(), testing::Not(HasSubstr("hunter2")));
}

TEST(TestServer, SaysWhyItCannotStart) {
    const test::TemporaryDirectory dir;
    const auto broken = dir.write("bad.transcript", "transcript A: b\nexpct\n");
    Running server({"--http", "--transcript", broken});
    EXPECT_EQ(server.wait(), exit_cannot_start);
    EXPECT_THAT(server.errors(), HasSubstr("bad.transcript, line 2: \"expct\" is no step"));
    Running nowhere({"--ca-out", dir.path() + "/no/such/dir/ca.pem"});
    EXPECT_EQ(nowhere.wait(), exit_cannot_start);
    EXPECT_THAT(nowhere.errors(), HasSubstr("cannot be written"));
}

struct BadUsage {
    const char* name;
    std::vector<const char*> words;
    const char* says;
};
class TestServerRefuses : public testing::TestWithParam<BadUsage> {};

TEST_P(TestServerRefuses, WithASentence) {
    auto words = GetParam().words;
    words.insert(words.begin(), "steward-testserver");
    const auto options = parse_options(static_cast<int>(words.size()), words.data());
    ASSERT_FALSE(options);
    EXPECT_THAT(options.error().what, HasSubstr(GetParam().says));
}

const BadUsage bad_usage[] = {
    {"unknown", {"--colour"}, "--colour"},
    {"port", {"--port", "70000"}, "--port wants a number from 0 to 65535"},
    {"port_word", {"--port", "many"}, "port"},
    {"http_everywhere", {"--http", "--listen", "0.0.0.0"}, "loopback addresses only"},
    {"http_ca", {"--http", "--ca-out", "x"}, "--http excludes"},
    {"half_client", {"--client-cert-out", "x"}, "belong together"},
    {"personality", {"--personality", "nobody"}, "there are plain, fleet"},
    {"trace", {"--trace", "loud"}, "--trace wants none, lines or full"},
    {"auth", {"--auth", "md4"}, "--auth: \"md4\" is no authentication"},
    {"connections", {"--connections", "0"}, "--connections wants at least one"},
    {"patience", {"--patience", "0"}, "--patience wants at least one second"},
    {"positional", {"file.transcript"}, "too many positional options"},
};
INSTANTIATE_TEST_SUITE_P(Usage, TestServerRefuses, testing::ValuesIn(bad_usage),
                         [](const auto& each) { return each.param.name; });

TEST(TestServer, HelpNamesEverythingAndTheExitCodes) {
    const char* words[] = {"steward-testserver", "--help"};
    const auto options = parse_options(2, words);
    ASSERT_TRUE(options);
    for (const char* part : {"--transcript", "fleet:", "Examples:", "Exit codes:"})
        EXPECT_THAT(options->help, HasSubstr(part));
}

}  // namespace
}  // namespace steward::server

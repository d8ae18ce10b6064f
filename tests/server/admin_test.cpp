// Orders, lists and waking through the admin socket of a running server.
#include "tests/server/admin.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "tests/server/enrolled_device.h"
#include "tests/server/remote.h"
#include "tests/support/package0.h"

namespace steward::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class AdminTest : public EnrolledDevice {
  protected:
    void start(std::vector<std::string> words = {}) {
        words.insert(words.end(), {"--admin", socket()});
        EnrolledDevice::start(words);
    }
    std::string socket() const { return dir_.path() + "/admin"; }
    // What the verb prints; its code and errors are kept.
    std::string run(std::vector<std::string> words) {
        words.insert(words.end(), {"--admin", socket()});
        std::ostringstream out, errors;
        code_ = run_verb(words, out, errors).value_or(-1);
        errors_ = errors.str();
        return out.str();
    }
    // The client's second message: a Status for each pair, then more.
    static std::string package_3(const std::vector<std::pair<std::string, std::string>>& codes,
                                 const std::string& more = {}) {
        std::string statuses;
        for (const auto& [cmd_ref, code] : codes) {
            statuses += "<Status><CmdID>" + cmd_ref + "</CmdID><MsgRef>1</MsgRef><CmdRef>" + cmd_ref +
                        "</CmdRef><Cmd>Get</Cmd><Data>" + code + "</Data></Status>";
        }
        return "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1"
               "</SessionID><MsgID>2</MsgID><Target><LocURI>https://localhost/</LocURI></Target><Source><LocURI>DEV-1</"
               "LocURI></Source></SyncHdr><SyncBody><Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>"
               "SyncHdr</Cmd><Data>200</Data></Status>" +
               statuses + more + "<Final/></SyncBody></SyncML>";
    }
    static std::string result(const std::string& cmd_ref, const std::string& uri, const std::string& data) {
        return "<Results><CmdID>77</CmdID><MsgRef>1</MsgRef><CmdRef>" + cmd_ref +
               "</CmdRef><Cmd>Get</Cmd><Item><Source><LocURI>" + uri + "</LocURI></Source><Data>" + data +
               "</Data></Item></Results>";
    }
    std::string file(const std::string& xml) const { return dir_.write("order.xml", xml); }

    int code_ = -1;
    std::string errors_;
};

constexpr char get_swv[] = "<Get><Item><Target><LocURI>./DevDetail/SwV</LocURI></Target></Item></Get>";

TEST_F(AdminTest, AnOrderIsSentInTheNextSessionAndItsAnswersAreShown) {
    start();
    EXPECT_EQ(run({"queue", "add", "DEV-1", file(get_swv)}), "order 1\n") << errors_;
    EXPECT_THAT(run({"queue", "list"}), HasSubstr("1      DEV-1   waiting  Get ./DevDetail/SwV"));
    auto device = client(enrolled());
    EXPECT_THAT(device.post(sessions, package_1())->body, HasSubstr("<CmdID>10001</CmdID>"));
    EXPECT_THAT(run({"queue", "list", "DEV-1"}), HasSubstr("sent"));
    EXPECT_EQ(
        device.post(sessions, package_3({{"10001", "200"}}, result("10001", "./DevDetail/SwV", "10.0.1")))->status,
        200);
    // A new session ends the one before.
    EXPECT_THAT(device.post(sessions, package_1({}, {}, "2"))->body, Not(HasSubstr("<Get>")));
    const auto shown = run({"queue", "show", "1"});
    EXPECT_THAT(shown, AllOf(HasSubstr("order 1 for DEV-1: done"), HasSubstr("  Get ./DevDetail/SwV 200\n"),
                             HasSubstr("    ./DevDetail/SwV = 10.0.1\n")));
    const auto json = nlohmann::json::parse(run({"queue", "show", "1", "--json"}));
    EXPECT_EQ(json["state"], "done");
    EXPECT_EQ(json["commands"][0]["statuses"][0]["code"], "200");
    EXPECT_EQ(json["commands"][0]["results"][0]["data"], "10.0.1");
}

TEST_F(AdminTest, TwoOrdersAreTwoMessages) {
    start();
    run({"queue", "add", "DEV-1", file(get_swv)});
    run({"queue", "add", "DEV-1", file("<Exec><Item><Target><LocURI>./X/Secret</LocURI></Target></Item></Exec>")});
    auto device = client(enrolled());
    EXPECT_THAT(device.post(sessions, package_1())->body, AllOf(HasSubstr("10001"), Not(HasSubstr("10002"))));
    const auto second = device.post(sessions, package_3({{"10001", "404"}}))->body;
    EXPECT_THAT(second, HasSubstr("<Exec><CmdID>10002</CmdID>"));
}

TEST_F(AdminTest, ValuesOfSecretNodesAreNotShown) {
    start();
    run({"queue", "add", "DEV-1", file("<Get><Item><Target><LocURI>./A/AAuthSecret</LocURI></Target></Item></Get>")});
    auto device = client(enrolled());
    ASSERT_TRUE(device.post(sessions, package_1()));
    ASSERT_TRUE(device.post(sessions, package_3({{"10001", "200"}}, result("10001", "./A/AAuthSecret", "hunter2"))));
    EXPECT_THAT(run({"queue", "show", "1"}), AllOf(HasSubstr("./A/AAuthSecret = …"), Not(HasSubstr("hunter2"))));
}

TEST_F(AdminTest, WhoTakesLeaveIsGivenNothingMoreToDo) {
    start();
    const auto own = enrolled();
    run({"queue", "add", "DEV-1", file(get_swv)});
    const std::string alert =
        "<Alert><CmdID>3</CmdID><Data>1226</Data><Item><Meta><Type xmlns=\"syncml:metinf\">com.microsoft:mdm."
        "unenrollment.userrequest</Type></Meta><Data>1</Data></Item></Alert>";
    EXPECT_THAT(client(own).post(sessions, package_1({}, alert))->body, Not(HasSubstr("10001")));
    EXPECT_THAT(run({"devices"}), HasSubstr("left 20"));
    run({"queue", "add", "DEV-1", file(get_swv)});
    EXPECT_EQ(code_, exit_failed);
    EXPECT_THAT(errors_, HasSubstr("The device DEV-1 has left."));
}

TEST_F(AdminTest, DevicesAreListedWithTheirCertificates) {
    start({"--cert-days", "10"});
    EXPECT_THAT(run({"devices"}), HasSubstr("DEVICE"));
    const auto own = enrolled();
    EXPECT_THAT(run({"devices"}), HasSubstr("DEV-1   ann-laptop  TestServer  20"));
    ASSERT_TRUE(client().post(sessions, package_1())) << "nobody in particular, who gets a challenge";
    ASSERT_TRUE(client(own).post(sessions, package_1()));
    const auto json = nlohmann::json::parse(run({"devices", "--json"}))["devices"][0];
    EXPECT_EQ(json["device"], "DEV-1");
    EXPECT_EQ(json["sessions"], 1);
    EXPECT_TRUE(json["last_session"].is_string());
    EXPECT_TRUE(json["unenrolled"].is_null());
    EXPECT_EQ(json["certificate"].get<std::string>().size(), 40u);
}

TEST_F(AdminTest, WakesThroughTheChannelThatTheDeviceTold) {
    start({"--push", "steward.push"});
    Running channel({"--http"});
    const auto own = enrolled();
    run({"queue", "wake", "DEV-1"});
    EXPECT_EQ(code_, exit_failed);
    EXPECT_THAT(errors_, HasSubstr("has told no push channel yet"));
    auto device = client(own);
    const auto asked = device.post(sessions, package_1())->body;
    EXPECT_THAT(asked, AllOf(HasSubstr("/TestServer/Push/PFN</LocURI>"), HasSubstr("<Data>steward.push</Data>"),
                             HasSubstr("/TestServer/Push/ChannelURI</LocURI>")));
    ASSERT_TRUE(device.post(
        sessions, package_3({}, result("6", "./Device/Vendor/MSFT/DMClient/Provider/TestServer/Push/ChannelURI",
                                       "http://127.0.0.1:" + std::to_string(channel.port()) + "/c"))));
    // It takes the POST for a message of a strange kind.
    EXPECT_EQ(run({"queue", "wake", "DEV-1"}), "the push channel answered HTTP 415\n") << errors_;
    EXPECT_THAT(device.post(sessions, package_1({}, {}, "2"))->body,
                AllOf(HasSubstr("ChannelURI"), Not(HasSubstr("steward.push"))));
    run({"queue", "wake", "DEV-1", "--channel", "http://192.0.2.1/"});
    EXPECT_EQ(code_, exit_failed) << "plain http leaves the machine";
}

TEST_F(AdminTest, WakesWithPackage0) {
    start();
    const auto document = enrol();
    const Socket receiver(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    ASSERT_EQ(bind(receiver.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    ASSERT_EQ(getsockname(receiver.get(), reinterpret_cast<sockaddr*>(&at), &size), 0);
    const auto where = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
    EXPECT_EQ(run({"queue", "wake", "DEV-1", "--package0", where}), "package 0 for session 1 went to " + where + "\n");
    std::string bytes(2048, '\0');
    const auto got = recv(receiver.get(), bytes.data(), bytes.size(), 0);
    ASSERT_GT(got, 24);
    bytes.resize(static_cast<std::size_t>(got));
    EXPECT_EQ(to_hex(bytes.substr(16, 8)), "02d800000000010a");
    EXPECT_EQ(bytes.substr(24), "TestServer");
    EXPECT_EQ(bytes.substr(0, 16),
              transcript::package0_digest(bytes.substr(16), "TestServer", parm_in(document, "AAUTHSECRET", 0),
                                          *from_base64(parm_in(document, "AAUTHDATA", 0))));
    run({"queue", "wake", "DEV-1", "--package0", "nowhere"});
    EXPECT_THAT(errors_, HasSubstr("HOST:PORT"));
}

TEST_F(AdminTest, TheSocketIsForItsOwnerAndForOneServer) {
    start();
    struct stat there {};
    ASSERT_EQ(lstat(socket().c_str(), &there), 0);
    EXPECT_EQ(there.st_mode & 0777u, 0600u);
    Running second({"--http", "--admin", socket()});
    EXPECT_EQ(second.wait(), exit_cannot_start);
    EXPECT_THAT(second.errors(), HasSubstr("is in use"));
    server_->stop();
    EXPECT_NE(lstat(socket().c_str(), &there), 0) << "it is gone with the server";
    run({"devices"});
    EXPECT_EQ(code_, exit_cannot_start);
    EXPECT_THAT(errors_, HasSubstr("There is no server at"));
}

TEST_F(AdminTest, SaysWhatIsWrong) {
    start();
    const struct {
        std::vector<std::string> words;
        int code;
        const char* says;
    } cases[] = {
        {{"queue", "add", "DEV-1", "/nowhere.xml"}, exit_failed, "cannot be read"},
        {{"queue", "add", "DEV-1", file("<Get>")}, exit_failed, "line 1"},
        {{"queue", "show", "7"}, exit_failed, "There is no order 7."},
        {{"queue", "show", "all"}, exit_failed, "There is no order all."},
        {{"queue", "wake", "DEV-9"}, exit_failed, "not enrolled here"},
        {{"queue"}, exit_usage, "queue add DEVICE FILE.xml"},
        {{"queue", "add", "x"}, exit_usage, "queue add DEVICE FILE.xml"},
        {{"devices", "x"}, exit_usage, "stands alone"},
        {{"devices", "--colour"}, exit_usage, "There is no option --colour."},
    };
    for (const auto& each : cases) {
        run(each.words);
        EXPECT_EQ(code_, each.code) << each.says;
        EXPECT_THAT(errors_, HasSubstr(each.says));
    }
    std::ostringstream out, errors;
    EXPECT_EQ(run_verb({"devices"}, out, errors), exit_usage);
    EXPECT_THAT(errors.str(), HasSubstr("Say with --admin"));
    EXPECT_FALSE(run_verb({"--http"}, out, errors));
}

}  // namespace
}  // namespace steward::server

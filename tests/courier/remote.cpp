// The network through another process: here another thread, over a real socket.
#include "agent/courier/remote.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <future>
#include <iterator>

#include "agent/courier/forms.h"
#include "agent/courier/service.h"
#include "platform/datagrams.h"
#include "platform/linux/endpoint.h"
#include "platform/linux/token_key.h"
#include "tests/support/temporary_directory.h"
#include "tests/transport/loopback.h"

namespace steward::courier {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

std::string answer(const std::string& body, const std::string& status = "200 OK") {
    return "HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

struct CourierTest : testing::Test {
    test::TemporaryDirectory folder;
    std::string socket = folder.below("courier").string();
    std::unique_ptr<platform::Endpoint> endpoint;
    std::unique_ptr<Service> service;
    std::thread thread;
    std::stop_source stop;
    transport::Trust trust;
    std::vector<std::string> read;
    int signatures = 0;
    std::uint16_t port = 0;

    CourierTest() {
        trust.ca_file = file("ca.pem", authority().certificate());
        auto listening = platform::listen_at(socket, std::chrono::seconds(0));
        if (listening) endpoint = std::move(*listening);
        service = std::make_unique<Service>(
            *endpoint, [this](std::uint16_t number) { return platform::listen_on(number, &port); }, std::nullopt);
        thread = std::thread([this] { EXPECT_TRUE(service->run()); });
    }
    ~CourierTest() override {
        endpoint->close();
        thread.join();
    }
    static const server::Authority& authority() {
        static const auto made = server::Authority::make("Steward test authority");
        return *made;
    }
    static server::Identity issue() { return *authority().server({"127.0.0.1", "localhost"}, {}); }
    std::string file(const std::string& name, const std::string& content) const {
        folder.write(name, content);
        return folder.below(name).string();
    }
    Office office() {
        return {[this] { return platform::connect_to(socket, std::chrono::seconds(0)); },
                [this](const std::string& path) -> Result<std::string> {
                    read.push_back(path);
                    std::ifstream in(path, std::ios::binary);
                    if (!in) return Error{Fault::not_found, "There is no " + path, {}};
                    return std::string(std::istreambuf_iterator<char>(in), {});
                },
                [this](const std::string& source, platform::Padding padding, std::string_view block) {
                    ++signatures;
                    auto key = platform::key_of_source(source);
                    return key ? key->sign_block(padding, block) : Result<std::string>(key.error());
                }};
    }
    Remote remote() { return {office(), trust, stop.get_token()}; }
};

TEST_F(CourierTest, AnswersAndFailuresAreThoseOfTheConnectionItself) {
    transport::Loopback server({{answer("one"), false}, {answer("two", "503 Busy")}}, transport::Disguise{issue()});
    auto link = remote();
    auto reply = link.post({server.url(), "text/xml", "<a/>", {{"X-Own", "yes"}}});
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->body, "one");
    EXPECT_TRUE(reply->chain_end);
    reply = link.get({server.url(), {}, {}, {}});
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 503);
    EXPECT_EQ(server.connections(), 1) << "one connection serves all requests of an account";
    EXPECT_THAT(server.requests().at(0), HasSubstr("X-Own: yes"));

    trust.ca_file = file("other.pem", server::Authority::make("Another authority")->certificate());
    transport::Loopback stranger({{answer("never")}}, transport::Disguise{issue()});
    const auto refused = remote().post({stranger.url(), "text/xml", "", {}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::denied);
    EXPECT_THAT(refused.error().what, HasSubstr("Steward test authority"));
}

TEST_F(CourierTest, ThePrivateKeyStaysHereAndSignsHere) {
    const auto devices = server::Authority::make("Device authority");
    const auto device = *devices->client("device");
    trust.certificate_file = file("device.pem", device.certificate);
    trust.key_file = file("device.key", device.key);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        signatures = 0;
        transport::Loopback server({{answer("ok")}}, transport::Disguise{issue(), devices->certificate(), version});
        const auto reply = remote().post({server.url(), "text/xml", "", {}});
        ASSERT_TRUE(reply) << reply.error().what << reply.error().evidence;
        EXPECT_EQ(reply->body, "ok");
        EXPECT_EQ(signatures, 1);
    }
    EXPECT_THAT(read, Contains(trust.certificate_file));
    EXPECT_THAT(read, Not(Contains(trust.key_file))) << "what is not read cannot be sent";

    trust.key_file = file("other.key", devices->client("other")->key);
    transport::Loopback server({{answer("never")}}, transport::Disguise{issue(), devices->certificate()});
    EXPECT_FALSE(remote().post({server.url(), "text/xml", "", {}})) << "a key that does not belong";
}

TEST_F(CourierTest, WhatSignsCanAlsoBeAskedToSignNothing) {
    const auto devices = server::Authority::make("Device authority");
    trust.certificate_file = file("device.pem", devices->client("device")->certificate);
    trust.key_file = folder.below("missing.key").string();
    transport::Loopback server({{answer("never")}}, transport::Disguise{issue(), devices->certificate()});
    EXPECT_FALSE(remote().post({server.url(), "text/xml", "", {}}));
    EXPECT_EQ(signatures, 1);
}

TEST_F(CourierTest, StoppingEndsAnExchangeUnderWay) {
    transport::Loopback server({{"", true, true}}, transport::Disguise{issue()});
    auto link = remote();
    auto waiting = std::async(std::launch::async, [&] {
        return link.post({server.url(), "text/xml", "", {}}).error().fault;
    });
    while (server.requests().empty()) std::this_thread::yield();
    stop.request_stop();
    EXPECT_EQ(waiting.get(), Fault::interrupted);
}

TEST_F(CourierTest, AStreamBringsItsEventsAsTheyCome) {
    transport::Loopback server({{"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n"}},
                               transport::Disguise{issue()});
    std::string type, heard;
    transport::Listener listener;
    listener.opened = [&](const transport::Reply& head) {
        type = head.content_type;
        return true;
    };
    listener.data = [&](std::string_view bytes) {
        heard += bytes;
        return heard.find("\n\n") == std::string::npos;
    };
    EXPECT_TRUE(remote().listen({server.url(), {}, {}, {}}, listener));
    EXPECT_EQ(type, "text/event-stream");
    EXPECT_EQ(heard, "data: 1\n\n");
}

TEST_F(CourierTest, APortHandsOnWhatArrives) {
    auto opened = remote_port(office(), 0);
    ASSERT_TRUE(opened) << opened.error().what;
    const int from = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::sendto(from, "hello", 5, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to), 5);
    ::close(from);
    const auto heard = (*opened)->next(100);
    ASSERT_TRUE(heard);
    EXPECT_EQ(*heard, "hello");
    (*opened)->close();
    EXPECT_FALSE((*opened)->next(100));
}

// The device of a session, which counts.
struct CountingHome : Home {
    std::vector<tree::Operation> asked;
    std::size_t messages = 0, replies = 0;
    std::vector<tree::Answer> run(const tree::Context& context, std::span<const tree::Operation> all) override {
        EXPECT_EQ(context.authority, "corp");
        asked.insert(asked.end(), all.begin(), all.end());
        std::vector<tree::Answer> answers(all.size());
        for (auto& each : answers) each.found.push_back({{}, csp::Format::chr, "text/plain", "12"});
        return answers;
    }
    std::vector<tree::Answer> run_atomic(const tree::Context&, std::span<const tree::Operation> all) override {
        return std::vector<tree::Answer>(all.size());
    }
    void client_nonce(const std::string&) override {}
    void server_nonce(const std::string&) override {}
    void sent(const session::Outgoing& message) override { messages += message.body.empty() ? 0U : 1U; }
    void received(const transport::Reply& reply) override { replies += reply.body.empty() ? 0U : 1U; }
    void heard(const std::vector<int>&) override {}
    std::size_t extra_tries = 0;  // where the policy would give up
    bool wait(std::optional<std::chrono::milliseconds> time) override {
        if (time) return true;
        if (extra_tries == 0) return false;
        --extra_tries;
        return true;
    }
};

// One that is at work until something has happened.
struct SlowHome final : CountingHome {
    std::function<bool()> happened;
    explicit SlowHome(std::function<bool()> what) : happened(std::move(what)) {}
    std::vector<tree::Answer> run(const tree::Context& context, std::span<const tree::Operation> all) override {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!happened() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
        return CountingHome::run(context, all);
    }
};

std::string dm(const std::string& body) {
    const std::string message =
        "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1"
        "</SessionID><MsgID>1</MsgID><Target><LocURI>dev</LocURI></Target><Source><LocURI>srv</LocURI></Source>"
        "</SyncHdr><SyncBody>" +
        body + "<Final/></SyncBody></SyncML>";
    return "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.syncml.dm+xml\r\nContent-Length: " +
           std::to_string(message.size()) + "\r\n\r\n" + message;
}

Brief brief_for(const transport::Loopback& server) {
    Brief brief;
    brief.settings.server_id = "corp";
    brief.settings.server_url = server.url();
    brief.settings.session_id = "1";
    brief.settings.device = {"dev", "ACME", "Box", "1.3", "en-US"};
    return brief;
}

TEST_F(CourierTest, ASessionIsConductedThereAndTheTreeIsAskedHere) {
    const std::string status =
        "<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd>"
        "<Data>200</Data></Status>";
    transport::Loopback server(
        {{dm(status + "<Get><CmdID>2</CmdID><Item><Target><LocURI>./DevInfo/DevId</LocURI></Target></Item></Get>"),
          false},
         {dm(status)}},
        transport::Disguise{issue()});
    CountingHome home;
    const auto course = remote().conduct(brief_for(server), home);
    EXPECT_EQ(course.end, session::End::finished) << course.error.what;
    EXPECT_EQ(course.counters.messages, 2u);
    EXPECT_TRUE(course.chain_end);
    ASSERT_EQ(home.asked.size(), 1u);
    EXPECT_EQ(home.asked.front().uri, "./DevInfo/DevId");
    EXPECT_EQ(home.messages, 2u);
    EXPECT_EQ(home.replies, 2u);
    EXPECT_THAT(server.requests().at(1), HasSubstr("<Data>12</Data>"));
}

TEST_F(CourierTest, TheDeviceMayTryLongerThanThePolicyAndDecidesHowLong) {
    const std::string status =
        "<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data></Status>";
    const auto begin =
        dm(status + "<Get><CmdID>2</CmdID><Item><Target><LocURI>./DevInfo/DevId</LocURI></Target></Item></Get>");
    for (const std::size_t extra : {2U, 1U}) {
        transport::Loopback server({{begin, false},
                                    {answer("", "503 Busy"), false},
                                    {answer("", "503 Busy"), false},
                                    {answer("", "503 Busy"), false},
                                    {dm(status)}},
                                   transport::Disguise{issue()});
        auto brief = brief_for(server);
        brief.retry = transport::RetryPolicy{1, std::chrono::milliseconds(1), std::chrono::milliseconds(1)};
        CountingHome home;
        home.extra_tries = extra;
        const auto course = remote().conduct(brief, home);
        EXPECT_EQ(course.end, extra == 2 ? session::End::finished : session::End::failed) << course.error.what;
        EXPECT_EQ(server.requests().size(), 3 + extra);
    }
}

TEST_F(CourierTest, TheServerHearsFromThereThatTheCommandsStillRunHere) {
    const std::string status =
        "<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data></Status>";
    std::vector<transport::Line> lines(1000, {dm(status), false});
    lines.front().bytes =
        dm(status + "<Get><CmdID>2</CmdID><Item><Target><LocURI>./DevInfo/DevId</LocURI></Target></Item></Get>");
    transport::Loopback server(lines, transport::Disguise{issue()});
    SlowHome home([&server] { return server.requests().size() >= 3; });
    auto brief = brief_for(server);
    brief.sign_of_life = std::chrono::milliseconds(5);
    const auto course = remote().conduct(brief, home);
    EXPECT_EQ(course.end, session::End::finished) << course.error.what << course.error.evidence;
    const auto requests = server.requests();
    ASSERT_GE(requests.size(), 4U);
    EXPECT_THAT(requests[1], HasSubstr("com.microsoft.mdm.requestpending"));
    EXPECT_THAT(requests[2], HasSubstr("com.microsoft.mdm.requestpending"));
    EXPECT_THAT(requests.back(), HasSubstr("<Data>12</Data>"));
    EXPECT_EQ(home.replies, 2U) << "what a sign of life is answered with is not for the session";
}

TEST_F(CourierTest, ASignOfLifeThatWouldNeedASignatureMeanwhileIsGivenUpAndTheSessionGoesOn) {
    const auto devices = server::Authority::make("Device authority");
    const auto device = *devices->client("device");
    trust.certificate_file = file("device.pem", device.certificate);
    trust.key_file = file("device.key", device.key);
    const std::string status =
        "<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data></Status>";
    // This server hangs up after each answer, so that every request takes a handshake.
    transport::Loopback server(
        {{dm(status + "<Get><CmdID>2</CmdID><Item><Target><LocURI>./DevInfo/DevId</LocURI></Target></Item></Get>")},
         {dm(status)}},
        transport::Disguise{issue(), devices->certificate(), 0, true});
    SlowHome home([&server] { return server.broken_handshakes() > 0; });
    auto brief = brief_for(server);
    brief.sign_of_life = std::chrono::milliseconds(5);
    const auto course = remote().conduct(brief, home);
    EXPECT_EQ(course.end, session::End::finished) << course.error.what << course.error.evidence;
    EXPECT_EQ(server.requests().size(), 2U);
    EXPECT_EQ(server.connections(), 3);
    EXPECT_EQ(signatures, 2) << "of the two messages; the device was at work when the third was wanted";
}

// A courier in the hands of somebody else.
struct Liar {
    test::TemporaryDirectory folder;
    std::string socket = folder.below("liar").string();
    std::unique_ptr<platform::Endpoint> endpoint;
    std::thread thread;
    template <class Play>
    explicit Liar(Play play) : endpoint(*platform::listen_at(socket, std::chrono::seconds(0))) {
        thread = std::thread([this, play] {
            const auto visitor = *endpoint->accept();
            Line line(*visitor);
            (void)line.next();  // open
            (void)line.next();  // the job
            play(line);
        });
    }
    ~Liar() { thread.join(); }
    Remote remote() const {
        Office office;
        office.connect = [this] { return platform::connect_to(socket, std::chrono::seconds(0)); };
        office.sign = [](auto&&...) -> Result<std::string> { return Error{Fault::io, "no key", {}}; };
        return {office, {}, {}};
    }
};

TEST(LyingCourier, WhatMakesNoSenseEndsTheJobAndNothingElse) {
    {
        const Liar liar([](Line& line) { (void)line.send(Kind::run, "junk"); });
        CountingHome home;
        EXPECT_EQ(liar.remote().conduct({}, home).error.fault, Fault::malformed);
        EXPECT_TRUE(home.asked.empty());
    }
    {
        const Liar liar([](Line& line) { (void)line.send(Kind::reply, "junk"); });
        EXPECT_EQ(liar.remote().post({}).error().fault, Fault::malformed);
    }
    {
        // There is no tree to ask where no session is.
        Packer packer;
        packer(std::string("corp"), std::string("1"), std::vector<tree::Operation>(1));
        const Liar liar([body = packer.take()](Line& line) { (void)line.send(Kind::run, body); });
        EXPECT_EQ(liar.remote().post({}).error().fault, Fault::malformed);
    }
    {
        const Liar liar([](Line&) {});  // dies
        CountingHome home;
        const auto course = liar.remote().conduct({}, home);
        EXPECT_EQ(course.end, session::End::failed);
        EXPECT_TRUE(course.failure && transport::passing(*course.failure)) << "the next one may live";
    }
}

TEST(Courier, GoesWhenNobodyWantsAnything) {
    const test::TemporaryDirectory folder;
    const auto endpoint = platform::listen_at(folder.below("c").string(), std::chrono::seconds(0));
    ASSERT_TRUE(endpoint);
    Service service(
        **endpoint, [](std::uint16_t number) { return platform::listen_on(number); }, std::chrono::milliseconds(50));
    EXPECT_TRUE(service.run());
}

}  // namespace
}  // namespace steward::courier

// The service's engine in a thread of its own, against a server with a queue.
#include "agent/app/engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "agent/app/leaving.h"
#include "agent/notify/package0.h"
#include "tests/support/debian_root.h"
#include "tests/support/queue_server.h"
#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"

namespace steward::app {
namespace {

using std::chrono::seconds;

struct QuietSupervisor final : platform::Supervisor {
    std::promise<void> is_ready;
    bool was_ready = false, stops = false;
    void ready() override {
        if (!std::exchange(was_ready, true)) is_ready.set_value();
    }
    void reloading() override {}
    void stopping() override { stops = true; }
    void alive() override {}
    void status(std::string_view) override {}
    std::optional<seconds> watchdog() const override { return std::nullopt; }
};

struct Waiting final : Follower {
    std::promise<Result<SyncResult>> result;
    void progress(const std::string&) override {}
    void ended(const std::string&, const Result<SyncResult>& ended) override { result.set_value(ended); }
};

struct EngineTest : testing::Test {
    test::TemporaryDirectory root, state;
    Places places{root.path(), state.path()};
    test::QueueServer server;
    SystemClock clock;
    QuietSupervisor supervisor;
    Mailbox<Letter> mailbox;
    std::stop_source stop;
    std::thread thread;
    std::map<std::string, std::string> before;

    EngineTest() {
        test::make_debian_root(root.path());
        before = test::snapshot_of(root.path());
    }
    ~EngineTest() override { end(); }

    std::unique_ptr<Agent> agent(Purpose purpose = Purpose::read) {
        auto opened = Agent::open(places, purpose);
        EXPECT_TRUE(opened) << opened.error().what;
        return std::move(*opened);
    }
    void add_account() {
        Account account;
        account.id = "corp";
        account.url = server.mdm;
        EXPECT_TRUE(agent(Purpose::change)->accounts().add(account));
    }
    struct Link final : transport::Exchange {
        test::QueueServer& server;
        explicit Link(test::QueueServer& to) : server(to) {}
        Result<transport::Reply> post(const transport::Request& request) override { return server.post(request); }
    };
    void begin() {
        thread = std::thread([this] {
            Engine::Surroundings around{places, clock, supervisor, {}, stop.get_token()};
            around.between_looks = seconds(1);
            around.connect = [this](const Account&) {
                return std::make_unique<courier::Direct>(std::make_unique<Link>(server));
            };
            EXPECT_TRUE(Engine(std::move(around), mailbox).run());
        });
        supervisor.is_ready.get_future().wait();
    }
    void end() {
        if (!thread.joinable()) return;
        stop.request_stop();
        mailbox.post(Stop{});
        thread.join();
    }
    Result<SyncResult> wish(const std::string& account) {
        const auto follower = std::make_shared<Waiting>();
        auto result = follower->result.get_future();
        mailbox.post(Wish{account, "test", false, {}, follower});
        return result.get();
    }
};

TEST_F(EngineTest, ANewAccountHasItsFirstSessionAtOnceAndTheNextIsPlanned) {
    begin();
    add_account();
    mailbox.post(Reload{});
    ASSERT_TRUE(server.wait_for_sessions(1));
    ASSERT_TRUE(wish("corp"));  // when this is answered the first session is over
    end();
    const auto planned = agent()->agenda().planned();
    ASSERT_EQ(planned->size(), 1u);
    EXPECT_EQ(planned->front().account, "corp");
    EXPECT_GT(planned->front().at, clock.now().time_since_epoch().count() + 600);
    EXPECT_EQ(planned->front().why, "poll schedule, set 1, every 15 min");
    EXPECT_TRUE(supervisor.stops);
}

TEST_F(EngineTest, SES_15_everybody_who_asks_meanwhile_gets_the_same_session) {
    add_account();
    std::promise<void> begun, go_on;
    auto proceed = go_on.get_future().share();
    std::atomic<int> requests{0};
    server.asked = [&] {
        if (requests++ == 0) {
            begun.set_value();
            proceed.wait();
        }
    };
    begin();
    begun.get_future().wait();
    std::vector<std::shared_ptr<Waiting>> followers;
    for (int i = 0; i < 3; ++i) {
        followers.push_back(std::make_shared<Waiting>());
        mailbox.post(Wish{"corp", "test", false, {}, followers.back()});
    }
    go_on.set_value();
    for (const auto& follower : followers) {
        const auto result = follower->result.get_future().get();
        ASSERT_TRUE(result);
        EXPECT_EQ(result->end, session::End::finished);
    }
    EXPECT_LE(server.sessions(), 3u) << "the running one, and as few as the letters came in";
}

TEST_F(EngineTest, AWishForAnUnknownAccountIsRefusedInWords) {
    begin();
    const auto result = wish("nobody");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().fault, Fault::not_found);
}

TEST_F(EngineTest, AStopInTheMiddleOfARetryEndsTheServiceAtOnce) {
    add_account();
    std::promise<void> failing;
    std::atomic<int> requests{0};
    server.cut = [&] {
        if (requests++ == 0) return test::QueueServer::Cut::none;
        if (requests == 2) failing.set_value();
        return test::QueueServer::Cut::request;
    };
    server.queue_replace("./Device/Vendor/MSFT/Policy/Config/DeviceLock/MinDevicePasswordLength", "12");
    begin();
    failing.get_future().wait();
    const auto began = std::chrono::steady_clock::now();
    end();
    EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(10)) << "the wait itself would be up to 16 s and more";
    EXPECT_EQ(agent()->sessions().latest("corp", 1)->front().outcome, "failed");
}

TEST_F(EngineTest, F24_the_servers_unenrol_is_carried_out_and_the_device_is_as_before) {
    add_account();
    server.queue_replace("./Device/Vendor/MSFT/Policy/Config/DeviceLock/MinDevicePasswordLength", "12");
    begin();
    ASSERT_TRUE(wish("corp"));
    EXPECT_NE(test::snapshot_of(root.path()), before);
    server.queue_exec("./Device/Vendor/MSFT/DMClient/Provider/corp/Unenroll");
    const auto result = wish("corp");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->end, session::End::left);
    EXPECT_FALSE(wish("corp")) << "the account is gone";
    end();
    EXPECT_EQ(test::snapshot_of(root.path()), before);
    const auto alerts = server.alerts();
    EXPECT_EQ(std::count(alerts.begin(), alerts.end(), "1226 com.microsoft:mdm.unenrollment.userrequest 1"), 1);
}

TEST_F(EngineTest, ALoginStartsASessionWhereTheServerWantsThat) {
    add_account();
    std::filesystem::create_directories(root.below("/run/systemd/sessions"));
    server.queue(
        "<Replace><CmdID>%ID%</CmdID><Item><Target><LocURI>./Device/Vendor/MSFT/DMClient/Provider/corp/Poll/"
        "PollOnLogin</LocURI></Target><Meta><Format xmlns=\"syncml:metinf\">bool</Format></Meta><Data>true"
        "</Data></Item></Replace>");
    begin();
    ASSERT_TRUE(wish("corp"));
    const auto sessions = server.sessions();
    {
        std::ofstream session(root.below("/run/systemd/sessions/3"));
        session << "USER=ann\nCLASS=user\nSTATE=active\n";
    }
    mailbox.post(Letter(platform::Changed::logins));
    EXPECT_TRUE(server.wait_for_sessions(sessions + 1));
    mailbox.post(Letter(platform::Changed::logins));  // nobody new
    end();
    EXPECT_EQ(server.sessions(), sessions + 1);
}

TEST_F(EngineTest, ASettingThatSomebodyChangedIsPutRightWhileNothingElseHappens) {
    const std::string file = "/etc/security/pwquality.conf.d/50-steward.conf";
    add_account();
    server.queue_replace("./Device/Vendor/MSFT/Policy/Config/DeviceLock/MinDevicePasswordLength", "12");
    begin();
    ASSERT_TRUE(wish("corp"));
    const auto in_force = [&] { return root.read(file).ends_with("\nminlen = 12\n"); };
    ASSERT_TRUE(in_force());
    root.write(file, "minlen = 1\n");
    mailbox.post(Letter(platform::Changed::settings));
    for (int i = 0; i < 400 && !in_force(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_TRUE(in_force());
    end();
    const auto entries = agent()->audit().latest(50);
    ASSERT_TRUE(entries);
    EXPECT_TRUE(std::any_of(entries->begin(), entries->end(), [](const auto& entry) {
        return entry.kind == "repair" && entry.subject.ends_with("MinDevicePasswordLength");
    }));
}

TEST_F(EngineTest, TRG_01_TRG_02_F18_a_proved_notification_starts_one_session_with_its_id_and_alert_1200) {
    {
        Account account;
        account.id = "corp";
        account.url = server.mdm;
        account.server = {session::Auth::basic, "corp", "srvpw", "nonce", true};
        ASSERT_TRUE(agent(Purpose::change)->accounts().add(account));
    }
    begin();
    (void)wish("corp");
    const auto before_it = server.sessions();
    notify::Package0 asks;
    asks.session = 0x2A;
    asks.server = "corp";
    mailbox.post(Notification{notify::encode(asks, "wrong", "nonce")});
    mailbox.post(Notification{"garbage"});
    mailbox.post(Notification{notify::encode(asks, "srvpw", notify::backup_nonce)});
    (void)wish("corp");
    EXPECT_EQ(server.sessions(), before_it + 1) << "what is not proved starts nothing";
    const auto good = notify::encode(asks, "srvpw", "nonce");
    mailbox.post(Notification{good});
    ASSERT_TRUE(server.wait_for_sessions(before_it + 2));
    mailbox.post(Notification{good});
    (void)wish("corp");
    EXPECT_EQ(server.sessions(), before_it + 3) << "a replay starts nothing: this one was asked for";
    const auto alerts = server.alerts();
    EXPECT_EQ(std::count(alerts.begin(), alerts.end(), "1200  "), 1);
    const auto history = agent()->sessions().latest("corp", 2);
    EXPECT_EQ((*history)[1].session, "2A");
}

TEST_F(EngineTest, APushServerNamedByTheServerGetsATopicAndTheChannelAnAddress) {
    add_account();
    const auto push = [&](const std::string& leaf, const std::string& data) {
        return server.queue_replace("./Device/Vendor/MSFT/DMClient/Provider/corp/Push/" + leaf, data);
    };
    const auto one = push("Steward/SubscribeURL", "https://push.example/sub/{topic}");
    const auto two = push("Steward/PublishURL", "https://push.example/pub/{topic}");
    const auto three = push("Steward/Authorization", "Bearer hush-hush");
    begin();
    (void)wish("corp");
    for (const auto& id : {one, two, three}) EXPECT_EQ(server.statuses()[id].at(0), "200") << id;
    auto account = agent()->accounts().find("corp");
    EXPECT_EQ(account->push.topic.size(), 32u);
    EXPECT_EQ(account->push.listen_at(), "https://push.example/sub/" + account->push.topic);
    EXPECT_EQ(account->push.authorization, "Bearer hush-hush");
    EXPECT_EQ(account->push.channel_uri, "");
    EXPECT_EQ(account->push.status, "4");
    const auto sessions = server.sessions();
    mailbox.post(ChannelNews{"corp", notify::ChannelStatus::works});
    EXPECT_TRUE(server.wait_for_sessions(sessions + 1)) << "so that the server reads the new address";
    account = agent()->accounts().find("corp");
    EXPECT_EQ(account->push.channel_uri, "https://push.example/pub/" + account->push.topic);
    EXPECT_EQ(account->push.status, "0");
}

TEST_F(EngineTest, TheDeviceIsPutRightBeforeAnySession) {
    add_account();
    const std::string uri = "./Device/Vendor/MSFT/Policy/Config/DeviceLock/MinDevicePasswordLength";
    {
        auto changing = agent(Purpose::change);
        tree::Operation operation{tree::Verb::replace, uri, {}, "int", {}, "12"};
        ASSERT_EQ(changing->tree().run({"corp", "1"}, {&operation, 1})[0].state, tree::Answer::State::done);
    }
    const auto managed = test::snapshot_of(root.path());
    for (auto each = managed.rbegin(); each != managed.rend(); ++each) {
        if (!before.contains(each->first)) std::filesystem::remove(root.below(each->first));
    }
    server.cut = [] { return test::QueueServer::Cut::request; };
    begin();
    end();
    EXPECT_EQ(test::snapshot_of(root.path()), managed);
    bool audited = false;
    const auto entries = agent()->audit().latest(50);
    for (const auto& entry : *entries) audited = audited || entry.kind == "repair";
    EXPECT_TRUE(audited);
}

}  // namespace
}  // namespace steward::app

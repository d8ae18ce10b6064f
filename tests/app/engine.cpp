// When the service has sessions, and what it does between them.
#include "tests/app/engine.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include "agent/app/leaving.h"
#include "agent/notify/package0.h"

namespace steward::app {
namespace {

using std::chrono::seconds;

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
    server.queue_replace(root.first, "12");
    begin();
    failing.get_future().wait();
    const auto began = std::chrono::steady_clock::now();
    end();
    EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(10)) << "the wait itself would be up to 16 s and more";
    EXPECT_EQ(agent()->sessions().latest("corp", 1)->front().outcome, "failed");
}

TEST_F(EngineTest, F24_the_servers_unenrol_is_carried_out_and_the_device_is_as_before) {
    add_account();
    server.queue_replace(root.first, "12");
    begin();
    ASSERT_TRUE(wish("corp"));
    EXPECT_NE(root.state(), before);
    server.queue_exec("./Device/Vendor/MSFT/DMClient/Provider/corp/Unenroll");
    const auto result = wish("corp");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->end, session::End::left);
    EXPECT_FALSE(wish("corp")) << "the account is gone";
    end();
    EXPECT_EQ(root.state(), before);
    const auto alerts = server.alerts();
    EXPECT_EQ(std::count(alerts.begin(), alerts.end(), "1226 com.microsoft:mdm.unenrollment.userrequest 1"), 1);
}

TEST_F(EngineTest, ASettingThatSomebodyChangedIsPutRightWhileNothingElseHappens) {
    add_account();
    server.queue_replace(root.first, "12");
    begin();
    ASSERT_TRUE(wish("corp"));
    const auto wanted = root.state();
    ASSERT_NE(wanted, before);
    root.undo_first();
    ASSERT_NE(root.state(), wanted);
    mailbox.post(Letter(platform::Changed::settings));
    for (int i = 0; i < 400 && root.state() != wanted; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(root.state(), wanted);
    end();
    const auto entries = agent()->audit().latest(50);
    ASSERT_TRUE(entries);
    EXPECT_TRUE(std::any_of(entries->begin(), entries->end(),
                            [&](const auto& entry) { return entry.kind == "repair" && entry.subject == root.first; }));
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
    {
        auto changing = agent(Purpose::change);
        tree::Operation operation{tree::Verb::replace, root.first, {}, "int", {}, "12"};
        ASSERT_EQ(changing->tree().run({"corp", "1"}, {&operation, 1})[0].state, tree::Answer::State::done);
    }
    const auto managed = root.state();
    root.undo_first();
    ASSERT_NE(root.state(), managed);
    server.cut = [] { return test::QueueServer::Cut::request; };
    begin();
    end();
    EXPECT_EQ(root.state(), managed);
    bool audited = false;
    const auto entries = agent()->audit().latest(50);
    for (const auto& entry : *entries) audited = audited || entry.kind == "repair";
    EXPECT_TRUE(audited);
}

}  // namespace
}  // namespace steward::app

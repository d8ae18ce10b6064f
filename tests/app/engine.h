// The service's engine in a thread of its own, against a server with a queue.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "agent/app/engine.h"
#include "tests/support/device_root.h"
#include "tests/support/queue_server.h"
#include "tests/support/temporary_directory.h"

namespace steward::app {

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
    std::optional<std::chrono::seconds> watchdog() const override { return std::nullopt; }
};

struct Waiting final : Follower {
    std::promise<Result<SyncResult>> result;
    void progress(const std::string&) override {}
    void ended(const std::string&, const Result<SyncResult>& ended) override { result.set_value(ended); }
};

struct EngineTest : testing::Test {
    test::DeviceRoot root;
    test::TemporaryDirectory state;
    Places places{root.path(), state.path()};
    test::QueueServer server;
    SystemClock clock;
    QuietSupervisor supervisor;
    Mailbox<Letter> mailbox;
    std::stop_source stop;
    std::thread thread;
    test::Snapshot before = root.state();

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
            around.between_looks = std::chrono::seconds(1);
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

}  // namespace steward::app

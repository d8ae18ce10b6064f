// The agent put together: accounts, sessions with a scripted server, local SyncML, recordings that replay.
#include "agent/app/agent.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>

#include "agent/app/local.h"
#include "agent/app/options.h"
#include "agent/app/recording.h"
#include "agent/app/sync.h"
#include "agent/app/verb.h"
#include "tests/support/device_root.h"
#include "tests/support/rehearsal.h"
#include "tests/support/temporary_directory.h"

namespace steward::app {
namespace {

// Answers each message with the next body of a list.
struct Script final : transport::Exchange {
    std::vector<std::string> bodies;
    std::size_t next = 0;
    Result<transport::Reply> post(const transport::Request&) override {
        if (next == bodies.size()) return Error{Fault::io, "The server does not answer.", {}};
        transport::Reply reply;
        reply.status = 200;
        reply.content_type = "application/vnd.syncml.dm+xml";
        reply.body = bodies[next++];
        return reply;
    }
};

std::string server_message(int number, const std::string& commands) {
    const std::string n = std::to_string(number);
    return "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1"
           "</SessionID><MsgID>" +
           n +
           "</MsgID><Target><LocURI>device</LocURI></Target><Source><LocURI>https://mdm.example/dm</LocURI></Source>"
           "</SyncHdr><SyncBody><Status><CmdID>1</CmdID><MsgRef>" +
           n + "</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>200</Data></Status>" + commands +
           "<Final/></SyncBody></SyncML>";
}

std::string set(const std::string& uri, const std::string& data) {
    return "<Replace><CmdID>5</CmdID><Item><Target><LocURI>" + uri + "</LocURI></Target><Data>" + data +
           "</Data></Item></Replace>";
}

struct AgentTest : testing::Test {
    test::DeviceRoot root;
    test::TemporaryDirectory state;
    std::unique_ptr<Agent> open(Purpose purpose = Purpose::change) {
        auto agent = Agent::open({root.path(), state.path()}, purpose);
        EXPECT_TRUE(agent) << agent.error().what;
        return agent ? std::move(*agent) : nullptr;
    }
    static Account corp() {
        Account account;
        account.id = "Corp MDM";
        account.url = "https://mdm.example/dm";
        account.client = {session::Auth::md5, "dev", "s3cr3t", "nonce", true};
        return account;
    }
};

TEST_F(AgentTest, SES_15_SecondChangerIsToldToWait) {
    const auto first = open();
    const auto second = Agent::open({root.path(), state.path()}, Purpose::change);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().fault, Fault::busy);
    EXPECT_TRUE(Agent::open({root.path(), state.path()}, Purpose::read));
}

// The service starts on a new device while somebody asks for its state.
TEST_F(AgentTest, ManyWhoOpenANewStateAtOnceAgreeOnTheDevice) {
    for (int round = 0; round < 10; ++round) {
        const std::string place = state.path() + "/" + std::to_string(round);
        std::array<std::string, 6> seen;
        std::atomic<int> waiting = seen.size();
        std::vector<std::thread> threads;
        threads.reserve(seen.size());
        for (std::size_t i = 0; i < seen.size(); ++i) {
            threads.emplace_back([&, i] {
                for (--waiting; waiting > 0;) std::this_thread::yield();
                const auto agent = Agent::open({root.path(), place}, i == 0 ? Purpose::change : Purpose::read);
                seen[i] = agent ? *(*agent)->host().identity.read()->device_id
                                : agent.error().what + " " + agent.error().evidence;
            });
        }
        for (auto& thread : threads) thread.join();
        for (const auto& id : seen) EXPECT_EQ(id, seen[0]);
        EXPECT_EQ(seen[0].size(), 32) << seen[0];
    }
}

TEST_F(AgentTest, AccountIsRowsAndComesBack) {
    ASSERT_TRUE(open()->accounts().add(corp()));
    const auto agent = open();
    const auto account = agent->accounts().find("");
    ASSERT_TRUE(account) << account.error().what;
    EXPECT_EQ(account->id, "Corp MDM");
    EXPECT_EQ(account->client.kind, session::Auth::md5);
    EXPECT_EQ(account->client.secret, "s3cr3t");
    EXPECT_EQ(account->client.nonce, "nonce");
    EXPECT_EQ(agent->accounts().add(corp()).error().fault, Fault::exists);
    EXPECT_FALSE(agent->accounts().find("other"));
    ASSERT_TRUE(agent->accounts().keep_client_nonce("Corp MDM", std::string("\0\1", 2)));
    EXPECT_EQ(agent->accounts().find("Corp MDM")->client.nonce, std::string("\0\1", 2));
}

TEST_F(AgentTest, SessionSetsRemembersAndGivesBack) {
    const auto before = root.state();
    const auto agent = open();
    ASSERT_TRUE(agent->accounts().add(corp()));
    Script server;
    server.bodies = {server_message(1, set(root.first, "12")), server_message(2, "")};
    const auto result = sync(*agent, *agent->accounts().find(""), server, {});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->end, session::End::finished) << result->error.what;
    EXPECT_NE(root.state(), before);
    EXPECT_EQ(root.first_in_force(agent->host()), 12);
    const auto sessions = agent->sessions().latest("Corp MDM", 1);
    ASSERT_EQ(sessions->size(), 1u);
    EXPECT_EQ(sessions->front().outcome, "finished");
    ASSERT_TRUE(agent->tree().release("Corp MDM"));
    EXPECT_EQ(root.state(), before);
    EXPECT_TRUE(agent->accounts().all().empty());
}

TEST_F(AgentTest, SilentServerIsAFailedSession) {
    const auto agent = open();
    ASSERT_TRUE(agent->accounts().add(corp()));
    Script server;
    const auto result = sync(*agent, *agent->accounts().find(""), server, {});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->end, session::End::failed);
    EXPECT_EQ(agent->sessions().latest("Corp MDM", 1)->front().sentence, "The server does not answer.");
}

TEST_F(AgentTest, RecordingHidesSecretsAndReplays) {
    const auto agent = open();
    ASSERT_TRUE(agent->accounts().add(corp()));
    const auto account = *agent->accounts().find("");
    Script server;
    server.bodies = {server_message(1, set(Accounts::node_of(account.id) + "/AppAuth/CLCRED/AAuthSecret", "hush-hush")),
                     server_message(2, "")};
    Recording recording(settings_for(*agent, account), agent->tree().mount());
    const auto result = sync(*agent, account, server, {&recording});
    ASSERT_TRUE(result);
    const std::string text = recording.transcript(result->end);
    EXPECT_EQ(text.find("hush-hush"), std::string::npos);
    EXPECT_EQ(text.find(session::md5_proof("dev", "s3cr3t", "nonce")), std::string::npos);
    const auto transcript = transcript::parse(text, "recorded");
    ASSERT_TRUE(transcript) << transcript.error().what << "\n" << text;
    const auto rehearsal =
        transcript::rehearse(std::make_shared<const transcript::Transcript>(*transcript), agent->tree());
    ASSERT_TRUE(rehearsal) << rehearsal.error().what;
    EXPECT_TRUE(rehearsal->passed()) << rehearsal->failures() << text;
}

TEST_F(AgentTest, LocalSyncMLIsAnsweredAsAServerWouldBe) {
    const auto agent = open();
    const auto answer = run_locally(*agent,
                                    "<Get><CmdID>7</CmdID><Item><Target><LocURI>./DevInfo/Man</LocURI></Target>"
                                    "</Item></Get>" +
                                        set(root.first, "12"));
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_NE(answer->find("<CmdRef>7</CmdRef><Cmd>Get</Cmd>"), std::string::npos) << *answer;
    EXPECT_NE(answer->find("<Results>"), std::string::npos);
    EXPECT_EQ(root.first_in_force(agent->host()), 12);
    const auto bad = run_locally(*agent, "<Get><CmdID>1</CmdID>");
    ASSERT_FALSE(bad);
    EXPECT_NE(bad.error().what.find("line 1"), std::string::npos) << bad.error().what;
    EXPECT_FALSE(run_locally(*agent, ""));
}

TEST_F(AgentTest, DamagedDatabaseIsSetAsideAndSaid) {
    open().reset();
    state.write("/steward.db", std::string(10000, 'x'));
    const auto agent = open();
    ASSERT_TRUE(agent);
    EXPECT_TRUE(agent->database_set_aside().has_value());
}

TEST_F(AgentTest, UnusableStateSaysWhatToDo) {
    const auto agent = Agent::open({root.path(), state.write("file", "") + "/steward"}, Purpose::change);
    ASSERT_FALSE(agent);
    EXPECT_EQ(agent.error().fault, Fault::denied);
    EXPECT_NE(agent.error().what.find("--state"), std::string::npos);
    EXPECT_EQ(Agent::open({root.path() + "/nowhere", {}}, Purpose::read).error().fault, Fault::not_found);
}

TEST(Options, KnowsItsWordsOnly) {
    const std::vector<Option> known = {{"url", "URL", "where"}, {"json", "", "print JSON"}};
    const auto good = Options::parse({"add", "--url", "https://x", "--json"}, known, 1);
    ASSERT_TRUE(good);
    EXPECT_EQ(good->get("url"), "https://x");
    EXPECT_TRUE(good->has("json"));
    EXPECT_EQ(good->positional(), std::vector<std::string>{"add"});
    for (const auto& bad : std::vector<std::vector<std::string>>{{"--nope"}, {"--url"}, {"a", "b"}, {"--js"}}) {
        const auto refused = Options::parse(bad, known, 1);
        ASSERT_FALSE(refused) << bad.front();
        EXPECT_EQ(refused.error().fault, Fault::invalid);
    }
}

TEST_F(AgentTest, WhatSomebodyKeepsChangingIsPutRightFiveTimesAndThenLeft) {
    ASSERT_TRUE(run_locally(*open(), set(root.first, "12")));
    const auto wanted = root.state();
    root.undo_first();
    const auto undone = root.state();
    ASSERT_NE(undone, wanted);
    for (int i = 0; i < 5; ++i) {
        root.undo_first();
        const auto agent = open();
        ASSERT_EQ(agent->recovered().repaired.size(), 1U) << i;
        EXPECT_EQ(root.state(), wanted);
    }
    root.undo_first();
    const auto agent = open();
    EXPECT_TRUE(agent->recovered().repaired.empty());
    EXPECT_EQ(agent->recovered().contested.size(), 1U);
    EXPECT_EQ(root.state(), undone);
    EXPECT_EQ(*agent->repairs().contested(), std::set<std::string>{root.first});
    // A server that asks for it again is obeyed.
    ASSERT_TRUE(run_locally(*agent, set(root.first, "13")));
    EXPECT_EQ(root.first_in_force(agent->host()), 13);
}

TEST_F(AgentTest, AVerbWaitsForAStewardThatIsJustAtWork) {
    auto service = open();
    EXPECT_EQ(Agent::open({root.path(), state.path()}, Purpose::change).error().fault, Fault::busy);
    std::thread done([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        service.reset();
    });
    const auto opened = open_to_change({root.path(), state.path()});
    done.join();
    EXPECT_TRUE(opened);
}

}  // namespace
}  // namespace steward::app

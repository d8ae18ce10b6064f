// Two hundred secrets are planted everywhere a server or a person can put one; none of them comes out again.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "agent/app/leaving.h"
#include "agent/app/local.h"
#include "agent/app/pages.h"
#include "agent/app/recording.h"
#include "agent/app/sync.h"
#include "platform/base/bytes.h"
#include "tests/support/device_root.h"
#include "tests/support/queue_server.h"
#include "tests/support/temporary_directory.h"

namespace steward::app {
namespace {

struct Planted : testing::Test {
    test::DeviceRoot root;
    test::TemporaryDirectory state;
    std::vector<std::string> secrets;
    std::ostringstream told;  // everything that a person, a log or a server could read

    std::string plant() {
        secrets.push_back("geheim-" + std::to_string(1000 + secrets.size()) + "-xyzzy");
        return secrets.back();
    }
    std::unique_ptr<Agent> open() {
        auto agent = Agent::open({root.path(), state.path()}, Purpose::change);
        EXPECT_TRUE(agent);
        return std::move(*agent);
    }
    void listen(const Error& error) { told << error.what << "\n" << error.evidence << "\n"; }
    void look(Agent& agent) {
        for (const bool json : {false, true}) {
            const auto page = status_page(agent, json);
            ASSERT_TRUE(page);
            told << *page;
        }
        const auto entries = agent.audit().latest(100'000);
        for (const auto& entry : *entries) told << entry.subject << "\n" << entry.outcome << "\n";
        for (const auto& [uri, rows] : agent.policies().all()) {
            if (const auto why = agent.tree().why(uri)) {
                told << why->device.value_or("") << why->effective.value_or("") << why->unknown << "\n";
                for (const auto& wish : why->wishes) told << wish.value << "\n";
                for (const auto& event : why->history) told << event.before.value_or("") << event.after.value_or("");
            } else {
                listen(why.error());
            }
        }
        for (const auto* get : {"./SyncML/DMAcc?list=StructData", "./Device/Vendor/MSFT/DMClient?list=StructData"}) {
            tree::Operation operation;
            operation.uri = get;
            for (const auto* authority : {tree::local_authority, "corp"}) {
                const auto answers = agent.tree().run({authority, "1"}, {&operation, 1});
                listen(answers[0].error);
                for (const auto& found : answers[0].found) told << found.data.value_or("") << "\n";
            }
        }
        if (const auto drift = agent.tree().drift()) {
            for (const auto& each : *drift) told << each.device.value_or("") << each.desired.value_or("") << "\n";
        }
        const auto sessions = agent.sessions().latest("corp", 100);
        for (const auto& record : *sessions) told << record.sentence << "\n";
        const auto actions = agent.actions().latest(1000);
        for (const auto& action : *actions) told << action.uri << action.sentence << "\n";
    }
};

TEST_F(Planted, TwoHundredSecretsComeOutNowhere) {
    testing::internal::CaptureStderr();
    test::QueueServer server;
    server.at_once = 50;
    {
        const auto agent = open();
        Account account;
        account.id = "corp";
        account.url = server.mdm;
        // No digest, so that the secret itself would travel: the recording must take it out.
        account.client = {session::Auth::basic, "dev", plant(), {}, false};
        ASSERT_TRUE(agent->accounts().add(account));
        const std::string own = Accounts::node_of("corp");
        const std::string push = "./Device/Vendor/MSFT/DMClient/Provider/corp/Push/Steward/Authorization";
        for (int i = 0; i < 60; ++i) {
            server.queue_replace(push, plant());
            server.queue_replace(own + "/AppAuth/SRVCRED/AAuthSecret", plant());
            // Wrong in every way a value can be wrong: what refuses it must not quote it.
            server.queue("<Replace><CmdID>%ID%</CmdID><Item><Target><LocURI>" + own +
                         "/AppAuth/CLCRED/AAuthData</LocURI></Target><Meta><Format xmlns=\"syncml:metinf\">int</Format>"
                         "</Meta><Data>" +
                         plant() + "</Data></Item></Replace>");
        }
        for (int i = 0; i < 12; ++i) {
            server.queue_exec("./Device/Vendor/MSFT/DMClient/Unenroll", plant());
            server.queue("<Atomic><CmdID>a" + std::to_string(i) +
                         "</CmdID><Replace><CmdID>%ID%</CmdID><Item><Target>"
                         "<LocURI>" +
                         push + "</LocURI></Target><Data>" + plant() + "</Data></Item></Replace><Replace><CmdID>b" +
                         std::to_string(i) +
                         "</CmdID><Item><Target><LocURI>./Nowhere</LocURI></Target><Data>x</Data></Item></Replace>"
                         "</Atomic>");
        }
        ASSERT_GE(secrets.size(), 200u);
        Recording recording(settings_for(*agent, *agent->accounts().find("corp")), agent->tree().mount());
        const auto result = sync(*agent, *agent->accounts().find("corp"), server, {&recording});
        ASSERT_TRUE(result);
        listen(result->error);
        told << session_page("corp", *result, true);
        const std::string transcript = recording.transcript(result->end);
        // Data of an Exec and of nodes that are not secret belong into a recording; the account's do not.
        EXPECT_EQ(transcript.find(to_base64("dev:" + secrets.front())), std::string::npos);
        EXPECT_EQ(transcript.find(secrets[1]), std::string::npos);
        EXPECT_EQ(transcript.find(secrets[2]), std::string::npos);
        look(*agent);
        const auto statuses = server.statuses();
        for (const auto& [id, codes] : statuses) told << codes.front();
        ASSERT_TRUE(depart(*agent, *agent->accounts().find("corp"), server, "a person", false));
        look(*agent);
    }
    told << testing::internal::GetCapturedStderr();
    const std::string everything = told.str();
    EXPECT_NE(everything.find("Authorization"), std::string::npos) << "the test looks where the secrets are";
    for (const auto& secret : secrets) {
        EXPECT_EQ(everything.find(secret), std::string::npos) << secret;
        EXPECT_EQ(everything.find(to_base64(secret)), std::string::npos) << secret;
    }
    // The account needed its secret; once it has gone the files hold none of them any more.
    for (const auto& file : std::filesystem::recursive_directory_iterator(state.path())) {
        if (!file.is_regular_file()) continue;
        std::ifstream in(file.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        for (const auto& secret : secrets) EXPECT_EQ(bytes.find(secret), std::string::npos) << file.path();
    }
}

}  // namespace
}  // namespace steward::app

// Cut connections, the outbox and how an enrolment ends, against a server with a queue.
#include <gtest/gtest.h>

#include <random>

#include "agent/app/leaving.h"
#include "agent/app/sync.h"
#include "tests/support/device_root.h"
#include "tests/support/queue_server.h"
#include "tests/support/temporary_directory.h"

namespace steward::app {
namespace {

const std::string provider = "./Device/Vendor/MSFT/DMClient/Provider/corp";

struct Delivery : testing::Test {
    test::DeviceRoot root;
    test::TemporaryDirectory state;
    test::QueueServer server;
    std::unique_ptr<Agent> agent;
    test::Snapshot before = root.state();
    Patience patient{{1000, std::chrono::milliseconds(1), std::chrono::milliseconds(1)}, [](auto) { return true; }};

    Delivery() {
        reopen();
        Account account;
        account.id = "corp";
        account.url = server.mdm;
        EXPECT_TRUE(agent->accounts().add(account));
    }
    void reopen() {
        agent.reset();
        auto opened = Agent::open({root.path(), state.path()}, Purpose::change);
        EXPECT_TRUE(opened) << opened.error().what;
        agent = std::move(*opened);
    }
    Account account() { return *agent->accounts().find("corp"); }
    Result<SyncResult> session(const Patience& patience = {}) {
        return sync(*agent, account(), server, {}, {}, patience);
    }
    store::Alert alert(const std::string& data, const std::string& mark = {}) {
        store::Alert made;
        made.account = "corp";
        made.type = "org.example/event";
        made.format = "chr";
        made.mark = mark;
        made.data = data;
        return made;
    }
};

TEST_F(Delivery, AThousandCutConnectionsLoseNoStatusAndDoubleNone) {
    std::mt19937 random(1);
    std::size_t cuts = 0, sessions = 0;
    server.cut = [&] {
        const auto dice = random() % 10;
        if (dice > 5) return test::QueueServer::Cut::none;
        ++cuts;
        return dice < 3 ? test::QueueServer::Cut::request : test::QueueServer::Cut::answer;
    };
    const Patience some{{2, std::chrono::milliseconds(1), std::chrono::milliseconds(1)}, [](auto) { return true; }};
    std::map<std::string, std::string> wanted;
    std::vector<std::string> ids;
    while (cuts < 1000) {
        for (int i = 0; i < 7; ++i) {
            const auto& name = i % 2 == 0 ? root.first : root.second;
            wanted[name] = std::to_string(4 + random() % 12);
            ids.push_back(server.queue_replace(name, wanted[name]));
        }
        for (int tries = 0; tries < 200; ++tries) {
            const auto result = session(some);
            ASSERT_TRUE(result);
            if (result->end == session::End::finished && server.statuses().size() == ids.size()) break;
            if (++sessions % 40 == 0) reopen();
        }
        ASSERT_EQ(server.statuses().size(), ids.size());
    }
    const auto statuses = server.statuses();
    for (const auto& id : ids) {
        ASSERT_TRUE(statuses.contains(id)) << id;
        EXPECT_EQ(statuses.at(id), (std::vector<std::string>{"200"})) << id;
    }
    EXPECT_EQ(std::to_string(root.first_in_force(agent->host()).value_or(0)), wanted[root.first]);
    EXPECT_TRUE(agent->tree().drift()->empty()) << "desired and actual state are the same";
}

TEST_F(Delivery, ARepeatedMessageHasTheSameBytes) {
    std::vector<std::string> bodies;
    struct Spy final : transport::Exchange {
        test::QueueServer& inner;
        std::vector<std::string>& seen;
        bool lose = false;
        Spy(test::QueueServer& server, std::vector<std::string>& bodies) : inner(server), seen(bodies) {}
        Result<transport::Reply> post(const transport::Request& request) override {
            seen.push_back(request.body);
            auto reply = inner.post(request);
            if (seen.size() == 2) return Error{Fault::io, "cut", {}};
            return reply;
        }
    } spy(server, bodies);
    server.queue_replace(root.first, "9");
    ASSERT_EQ(sync(*agent, account(), spy, {}, {}, patient)->end, session::End::finished);
    ASSERT_GE(bodies.size(), 3u);
    EXPECT_EQ(bodies[1], bodies[2]);
}

TEST_F(Delivery, AnAlertIsTakenOnceByAServerThatAnswersAlerts) {
    ASSERT_TRUE(agent->outbox().add(alert("one", "critical")));
    reopen();
    ASSERT_EQ(session()->end, session::End::finished);
    EXPECT_TRUE(agent->outbox().waiting("corp")->empty());
    ASSERT_EQ(session()->end, session::End::finished);
    const auto alerts = server.alerts();
    EXPECT_EQ(std::count(alerts.begin(), alerts.end(), "1226 org.example/event one"), 1);
    EXPECT_EQ(server.headers("MDM-GenericAlert"), (std::vector<std::string>{"<org.example/event>"}))
        << "only the session that a critical alert caused says so";
}

TEST_F(Delivery, AnAlertIsTakenOnceByAServerThatNeverAnswersAlerts) {
    server.answers_alerts = false;
    ASSERT_TRUE(agent->outbox().add(alert("one")));
    ASSERT_EQ(session()->end, session::End::finished);
    EXPECT_TRUE(agent->outbox().waiting("corp")->empty());
}

TEST_F(Delivery, AnAlertStaysWhenTheServerIsNotReached) {
    ASSERT_TRUE(agent->outbox().add(alert("one")));
    server.cut = [] { return test::QueueServer::Cut::request; };
    ASSERT_EQ(session()->end, session::End::failed);
    EXPECT_EQ(agent->outbox().waiting("corp")->size(), 1u);
}

// ENR-08, F24.
TEST_F(Delivery, ENR_08_F24_the_server_execs_unenroll_no_status_new_session_with_1226_and_clean_up) {
    server.queue_replace(root.first, "12");
    ASSERT_EQ(session()->end, session::End::finished);
    ASSERT_NE(root.state(), before);
    const auto exec = server.queue_exec(provider + "/Unenroll", "corp");
    const auto left = session();
    ASSERT_EQ(left->end, session::End::left) << left->error.what;
    EXPECT_FALSE(server.statuses().contains(exec)) << "the session is abandoned";
    EXPECT_TRUE(leaving(*agent, "corp"));
    const auto departure = depart(*agent, account(), server, "its server", false);
    ASSERT_TRUE(departure) << departure.error().what;
    EXPECT_EQ(departure->farewell, Farewell::told);
    EXPECT_TRUE(departure->gone);
    const auto alerts = server.alerts();
    EXPECT_EQ(std::count(alerts.begin(), alerts.end(), "1226 com.microsoft:mdm.unenrollment.userrequest 1"), 1);
    EXPECT_TRUE(agent->accounts().all().empty());
    EXPECT_EQ(root.state(), before) << "the device is as it was before the enrolment";
    EXPECT_TRUE(agent->policies().all().empty());
}

TEST_F(Delivery, ENR_08_every_form_of_the_servers_wish_ends_the_enrolment) {
    const std::vector<std::string> forms = {
        "<Exec><CmdID>%ID%</CmdID><Item><Target><LocURI>./Vendor/MSFT/DMClient/Unenroll</LocURI></Target><Meta><Format "
        "xmlns=\"syncml:metinf\">chr</Format></Meta><Data>corp</Data></Item></Exec>",
        "<Delete><CmdID>%ID%</CmdID><Item><Target><LocURI>" + Accounts::node_of("corp") +
            "</LocURI></Target></Item></Delete>",
        "<Delete><CmdID>%ID%</CmdID><Item><Target><LocURI>" + provider + "</LocURI></Target></Item></Delete>",
        "<Atomic><CmdID>a</CmdID><Exec><CmdID>%ID%</CmdID><Item><Target><LocURI>" + provider +
            "/Unenroll</LocURI></Target></Item></Exec></Atomic>"};
    for (const auto& form : forms) {
        test::QueueServer fresh;
        fresh.queue(form);
        EXPECT_EQ(sync(*agent, account(), fresh, {})->end, session::End::left) << form;
        ASSERT_TRUE(agent->outbox().clear("corp"));
    }
}

TEST_F(Delivery, AServerCannotEndAnotherOnesEnrolment) {
    Account other;
    other.id = "other";
    other.url = "https://other.example/dm";
    ASSERT_TRUE(agent->accounts().add(other));
    const auto first = server.queue_exec("./Device/Vendor/MSFT/DMClient/Provider/other/Unenroll");
    const auto second = server.queue_exec("./Device/Vendor/MSFT/DMClient/Unenroll", "other");
    const auto third = server.queue("<Delete><CmdID>%ID%</CmdID><Item><Target><LocURI>" + Accounts::node_of("other") +
                                    "</LocURI></Target></Item></Delete>");
    ASSERT_EQ(session()->end, session::End::finished);
    for (const auto& id : {first, second, third}) EXPECT_EQ(server.statuses().at(id).front().front(), '4') << id;
    EXPECT_FALSE(leaving(*agent, "other"));
    EXPECT_TRUE(agent->accounts().find("other"));
}

TEST_F(Delivery, ENR_07_a_person_leaves_offline_settings_return_at_once_and_the_server_hears_later) {
    server.queue_replace(root.first, "12");
    ASSERT_EQ(session()->end, session::End::finished);
    server.cut = [] { return test::QueueServer::Cut::request; };
    auto departure = depart(*agent, account(), server, "a person", true);
    ASSERT_TRUE(departure);
    EXPECT_FALSE(departure->gone);
    EXPECT_NE(departure->reason.what, "");
    EXPECT_EQ(root.state(), before) << "nothing waits for the network";
    reopen();
    ASSERT_TRUE(leaving(*agent, "corp"));
    server.cut = [] { return test::QueueServer::Cut::none; };
    const auto late = server.queue_replace(root.first, "14");
    departure = depart(*agent, account(), server, "a person", true);
    ASSERT_TRUE(departure);
    EXPECT_EQ(departure->farewell, Farewell::told);
    EXPECT_EQ(server.statuses()[late], (std::vector<std::string>{"425"})) << "nothing is changed any more";
    EXPECT_TRUE(agent->accounts().all().empty());
    EXPECT_EQ(root.state(), before);
}

TEST_F(Delivery, ENR_07_the_alert_has_the_form_of_windows) {
    std::string first;
    struct Spy final : transport::Exchange {
        std::string& seen;
        explicit Spy(std::string& into) : seen(into) {}
        Result<transport::Reply> post(const transport::Request& request) override {
            seen = request.body;
            return Error{Fault::io, "gone", {}};
        }
    } spy(first);
    ASSERT_TRUE(depart(*agent, account(), spy, "a person", true));
    EXPECT_NE(first.find("<Alert><CmdID>4</CmdID><Data>1226</Data><Item><Meta><Format "
                         "xmlns=\"syncml:metinf\">int</Format><Type "
                         "xmlns=\"syncml:metinf\">com.microsoft:mdm.unenrollment.userrequest</Type><Mark "
                         "xmlns=\"syncml:metinf\">critical</Mark></Meta>"
                         "<Data>1</Data></Item></Alert>"),
              std::string::npos)
        << first;
}

TEST_F(Delivery, OfTwoEnrolmentsOneLeavesAndOnlyItsSettingsGo) {
    Account other;
    other.id = "other";
    other.url = "https://other.example/dm";
    ASSERT_TRUE(agent->accounts().add(other));
    test::QueueServer second;
    second.mdm = other.url;
    second.queue_replace(root.second, "7");
    second.queue_replace(root.first, "8");
    ASSERT_EQ(sync(*agent, *agent->accounts().find("other"), second, {})->end, session::End::finished);
    const auto with_other = root.state();
    server.queue_replace(root.first, "12");
    ASSERT_EQ(session()->end, session::End::finished);
    EXPECT_EQ(root.first_in_force(agent->host()), 12);
    ASSERT_TRUE(depart(*agent, account(), server, "a person", true)->gone);
    EXPECT_EQ(root.state(), with_other);
    EXPECT_EQ(root.first_in_force(agent->host()), 8);
    EXPECT_EQ(agent->accounts().all().size(), 1u);
}

TEST_F(Delivery, WhatAServerDoesIsInTheAuditLogAndTheLogIsWhole) {
    server.queue_replace(root.first, "12");
    server.queue_replace(root.first, "999");
    ASSERT_EQ(session()->end, session::End::finished);
    auto entries = agent->audit().latest(10);
    ASSERT_EQ(entries->size(), 2u);
    EXPECT_EQ((*entries)[1].outcome, "done");
    EXPECT_TRUE((*entries)[0].outcome.starts_with("failed: "));
    reopen();
    EXPECT_NE(agent->audit_anchor(), "");
    EXPECT_FALSE(agent->audit().verify(agent->audit_anchor())->broken_at);
}

}  // namespace
}  // namespace steward::app

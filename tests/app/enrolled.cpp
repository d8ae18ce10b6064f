// Enrolment against the test server over real TLS: from a user name to the first session, renewed, and forgotten.
#include <gmock/gmock.h>

#include "agent/app/enrolling.h"
#include "agent/app/identities.h"
#include "agent/app/sign_in.h"
#include "agent/app/sync.h"
#include "agent/app/token_listener.h"
#include "agent/enrol/renewal.h"
#include "agent/transport/curl.h"
#include "tests/server/running.h"
#include "tests/support/debian_root.h"
#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"

namespace steward::app {
namespace {

using testing::HasSubstr;
using testing::Not;

struct EnrolApp : testing::Test {
    test::TemporaryDirectory root, state, place;
    std::unique_ptr<Agent> agent;
    std::string ca = place.below("ca.pem").string();
    std::string password = place.write("password", "s3cret\n");

    EnrolApp() { test::make_debian_root(root.path()); }

    std::vector<std::string> words(std::vector<std::string> more) const {
        std::vector<std::string> all{"--ca-out", ca, "--enrol-user", "ann@corp.example", "--enrol-secret-file",
                                     password};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    void open() {
        agent.reset();
        auto opened = Agent::open({root.path(), state.path()}, Purpose::change);
        ASSERT_TRUE(opened) << opened.error().what;
        agent = std::move(*opened);
    }
    Result<enrol::Record> enrol(const server::Running& server, ConsoleSignIn::Sources sources) {
        Enrolling enrolling(*agent);
        auto means = enrolling.means();
        EXPECT_TRUE(means);
        sources.may_ask = false;
        ConsoleSignIn sign_in(std::move(sources), enrolling.keys());
        enrol::Wish wish;
        wish.user = "ann@corp.example";
        wish.url = "https://localhost:" + std::to_string(server.port()) + "/EnrollmentServer/Discovery.svc";
        wish.trust.ca_file = ca;
        return enrol::Enrolment(std::move(*means), sign_in, [](const std::string&) {}).begin(wish);
    }
    Result<enrol::Record> enrol(const server::Running& server) {
        ConsoleSignIn::Sources sources;
        sources.password_file = password;
        return enrol(server, std::move(sources));
    }
    // All but the database.
    test::Snapshot files_of_state() const {
        auto files = test::snapshot_of(state.path());
        std::erase_if(files, [](const auto& each) { return each.first.find("steward.db") != std::string::npos; });
        return files;
    }
    // A session with what the account holds.
    void expect_session(const std::string& when) {
        const auto account = agent->accounts().find("");
        ASSERT_TRUE(account) << when;
        transport::CurlExchange exchange(account->trust);
        const auto result = sync(*agent, *account, exchange, {});
        ASSERT_TRUE(result) << when << ": " << result.error().what;
        EXPECT_EQ(result->end, session::End::finished) << when << ": " << result->error.what << result->error.evidence;
    }
};

TEST_F(EnrolApp, F22_ENR_04_EnrolsWithServersOfEveryHabitAndManages) {
    for (const std::string habit : {"plain", "fleet", "wso2", "oscar", "literal", "mattrax"}) {
        server::Running server(words({"--enrol-as", habit, "--identify-by", "certificate"}));
        open();
        const auto before = files_of_state();
        const auto record = enrol(server);
        ASSERT_TRUE(record) << habit << ": " << record.error().what << " " << record.error().evidence
                            << server.output();
        expect_session(habit);
        Enrolling enrolling(*agent);
        EXPECT_EQ(enrolling.keys().describe(record->identity.key)->kind, "a file that only its owner can read");
        EXPECT_THAT(server.output(), Not(HasSubstr("s3cret")));
        ASSERT_TRUE(agent->tree().release(record->provider));
        ASSERT_TRUE(forget_enrolment(*agent, record->provider));
        EXPECT_TRUE(agent->accounts().all().empty());
        EXPECT_EQ(files_of_state(), before) << habit << " left something";
    }
}

TEST_F(EnrolApp, ENR_02_SignsInWithACertificate) {
    const auto certificate = place.below("client.pem").string(), key = place.below("client.key").string();
    server::Running server({"--ca-out", ca, "--enrol", "certificate", "--client-cert-out", certificate,
                            "--client-key-out", key, "--identify-by", "certificate"});
    open();
    ConsoleSignIn::Sources sources;
    sources.certificate_file = certificate;
    sources.key_file = key;
    const auto record = enrol(server, sources);
    ASSERT_TRUE(record) << record.error().what << " " << record.error().evidence << server.output();
    expect_session("certificate");
    EXPECT_FALSE(state.has("keys/sign-in.pem")) << "what was brought along is not kept";
}

TEST_F(EnrolApp, ENR_05_RenewsAndTheServerKnowsTheNewCertificate) {
    server::Running server(words({"--identify-by", "certificate", "--cert-days", "20", "--renew-period", "19"}));
    open();
    const auto first = enrol(server);
    ASSERT_TRUE(first) << first.error().what;
    expect_session("first");
    Enrolling enrolling(*agent);
    auto means = enrolling.means();
    auto record = *enrol::load_record(agent->enrolments(), first->id);
    const auto renewed = enrol::renew(record, *means);
    ASSERT_TRUE(renewed) << renewed.error().what << " " << renewed.error().evidence << server.output();
    EXPECT_TRUE(record.previous);
    expect_session("with the new certificate");
    ASSERT_TRUE(enrol::confirm(record, *means));
    expect_session("with the new certificate alone");
}

TEST_F(EnrolApp, ENR_05_OnlyTheServersOwnWordBringsTheOldCertificateBack) {
    server::Running server(words({"--identify-by", "certificate", "--cert-days", "20", "--renew-period", "19"}));
    open();
    const auto first = enrol(server);
    ASSERT_TRUE(first) << first.error().what;
    Enrolling enrolling(*agent);
    auto means = enrolling.means();
    auto record = *enrol::load_record(agent->enrolments(), first->id);
    ASSERT_TRUE(enrol::renew(record, *means));
    const auto in_force = [&] { return enrol::load_record(agent->enrolments(), first->id)->identity.number; };
    ASSERT_EQ(in_force(), 2);
    SyncResult failed;
    failed.failure.emplace();
    failed.failure->fault = Fault::denied;
    failed.error = {Fault::denied, "not trusted", "unable to get local issuer certificate"};
    Identities identities;
    identities.used(*agent, record.provider, failed);
    EXPECT_EQ(in_force(), 2) << "that we do not trust the server says nothing about our certificate";
    failed.error.evidence = "TLS alert from the server: unknown CA";
    identities.used(*agent, record.provider, failed);
    EXPECT_EQ(in_force(), 1);
}

TEST_F(EnrolApp, PeopleAreWarnedOnceBeforeTheServersChainEnds) {
    open();
    const auto now = agent->clock().now();
    SyncResult result;
    result.chain_end =
        transport::ChainEnd{"CN=mdm", now - std::chrono::hours(24 * 90), now + std::chrono::hours(24 * 5)};
    Identities identities;
    testing::internal::CaptureStderr();
    identities.used(*agent, "corp", result);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("of the server of corp ends within 7 days"));
    testing::internal::CaptureStderr();
    identities.used(*agent, "corp", result);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    result.chain_end->not_after = now + std::chrono::hours(24 * 80);
    identities.used(*agent, "corp", result);
    result.chain_end->not_after = now - std::chrono::hours(1);
    testing::internal::CaptureStderr();
    identities.used(*agent, "corp", result);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("has expired"));
}

TEST_F(EnrolApp, ENR_06_F23_FaultsOfTheServerComeThroughInWords) {
    const std::vector<std::pair<std::string, std::string>> faults = {
        {"message-format", "0x80180001"},       {"authentication", "0x80180002"},
        {"authorization", "0x80180003"},        {"certificate-request", "0x80180004"},
        {"enrollment-server", "0x80180005"},    {"internal", "0x80180006"},
        {"invalid-security", "0x80180007"},     {"cap-reached", "0x80180013"},
        {"device-not-supported", "0x80180014"}, {"not-supported", "0x80180015"},
        {"not-eligible", "0x80180016"},         {"in-maintenance", "0x80180017"},
        {"user-license", "0x80180018"},         {"invalid-data", "0x80180019"},
        {"custom=Call the desk", "0x80180032"}};
    for (const auto& [fault, code] : faults) {
        server::Running server(words({"--fault", fault}));
        open();
        const auto refused = enrol(server);
        ASSERT_FALSE(refused) << fault;
        EXPECT_THAT(refused.error().evidence, testing::StartsWith(code)) << fault;
    }
}

TEST_F(EnrolApp, ENR_04_ACertificateThatIsOverAlreadyIsRefusedAndNothingIsLeft) {
    server::Running server(words({"--fault", "expired-certificate"}));
    open();
    const auto refused = enrol(server);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().evidence, testing::StartsWith("0x8018001E"));
    EXPECT_TRUE(agent->accounts().all().empty());
    EXPECT_TRUE(agent->enrolments().ids()->empty());
    EXPECT_FALSE(state.has("keys/enrolment-1.pem"));
}

TEST_F(EnrolApp, ENR_01_AnUnknownServerIsRefusedWithItsFingerprint) {
    server::Running server(words({}));
    server::Running other({"--ca-out", place.below("other.pem").string()});
    ca = place.below("other.pem").string();
    open();
    const auto refused = enrol(server);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().evidence, testing::StartsWith("0x80180012"));
    EXPECT_THAT(refused.error().what, testing::ContainsRegex("[0-9A-F]{2}(:[0-9A-F]{2}){31}"));
    EXPECT_TRUE(agent->enrolments().ids()->empty());
}

TEST(TokenListener, ENR_02_TakesTheTokenFromThePageAndFromNobodyElse) {
    auto listener = TokenListener::open();
    ASSERT_TRUE(listener);
    const auto address = listener->address();
    EXPECT_THAT(address, testing::MatchesRegex("http://127\\.0\\.0\\.1:[0-9]+/[0-9a-f]{32}"));
    std::thread browser([&] {
        const transport::Trust none;
        transport::CurlExchange exchange(none);
        const auto base = address.substr(0, address.rfind('/'));
        EXPECT_EQ(exchange.post({base + "/guess", "application/x-www-form-urlencoded", "wresult=evil", {}})->status,
                  404);
        EXPECT_EQ(exchange.post({address, "application/x-www-form-urlencoded", "other=1", {}})->status, 404);
        EXPECT_EQ(exchange.post({address, "application/x-www-form-urlencoded", "a=b&wresult=t%2Bk+n", {}})->status,
                  200);
    });
    const auto token = listener->wait(-1, std::chrono::seconds(60));
    browser.join();
    ASSERT_TRUE(token) << token.error().what;
    EXPECT_EQ(*token, "t+k n");
    EXPECT_EQ(sign_in_address("https://l.example/?a=b", "http://127.0.0.1:1/x", "ann@b.c"),
              "https://l.example/?a=b&appru=http%3A%2F%2F127.0.0.1%3A1%2Fx&login_hint=ann%40b.c");
}

TEST(TokenListener, ENR_02_TakesTheTokenFromARedirect) {
    auto listener = TokenListener::open();
    ASSERT_TRUE(listener);
    std::thread browser([address = listener->address()] {
        const transport::Trust none;
        transport::CurlExchange exchange(none);
        transport::Request request;
        request.url = address + "?a=b&wresult=t%2Bk";
        EXPECT_EQ(exchange.get(request)->status, 200);
    });
    const auto token = listener->wait(-1, std::chrono::seconds(60));
    browser.join();
    ASSERT_TRUE(token) << token.error().what;
    EXPECT_EQ(*token, "t+k");
}

TEST(TokenListener, ENR_02_TakesWhatAPersonPastes) {
    auto listener = TokenListener::open();
    ASSERT_TRUE(listener);
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ASSERT_EQ(::write(ends[1], "\n  pasted \n", 11), 11);
    const auto token = listener->wait(ends[0], std::chrono::seconds(60));
    ::close(ends[0]);
    ::close(ends[1]);
    ASSERT_TRUE(token) << token.error().what;
    EXPECT_EQ(*token, "pasted");
}

}  // namespace
}  // namespace steward::app

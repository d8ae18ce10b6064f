// The device's key in a TPM: a whole enrolment, a session over mutual TLS and a renewal whose new key is made there.
// Runs where tests/functional/tpm.sh has set up a TPM.
#include <gmock/gmock.h>

#include <cstdlib>

#include "agent/app/enrolling.h"
#include "agent/app/sign_in.h"
#include "agent/app/sync.h"
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

struct RealTpm : testing::Test {
    test::TemporaryDirectory root, state, place;
    std::string ca = place.below("ca.pem").string();
    std::string password = place.write("password", "s3cret\n");
    std::string token;
    std::unique_ptr<Agent> agent;

    void SetUp() override {
        const char* uri = std::getenv("STEWARD_TPM_TOKEN");
        if (uri == nullptr) GTEST_SKIP() << "no TPM here: run tests/functional/tpm.sh";
        token = uri;
        test::make_debian_root(root.path());
        auto opened = Agent::open({root.path(), state.path()}, Purpose::change);
        ASSERT_TRUE(opened) << opened.error().what;
        agent = std::move(*opened);
    }
    void expect_session(const std::string& when) {
        const auto account = agent->accounts().find("");
        ASSERT_TRUE(account) << when;
        EXPECT_THAT(account->trust.key_file, testing::StartsWith("pkcs11:")) << when;
        transport::CurlExchange exchange(account->trust);
        const auto result = sync(*agent, *account, exchange, {});
        ASSERT_TRUE(result) << when << ": " << result.error().what;
        EXPECT_EQ(result->end, session::End::finished) << when << ": " << result->error.what << result->error.evidence;
    }
};

TEST_F(RealTpm, TheKeyIsMadeThereUsedThereAndRenewedThere) {
    server::Running server({"--ca-out", ca, "--enrol-user", "ann@corp.example", "--enrol-secret-file", password,
                            "--identify-by", "certificate", "--cert-days", "20", "--renew-period", "19"});
    Enrolling enrolling(*agent, token);
    auto means = enrolling.means();
    ASSERT_TRUE(means);
    ConsoleSignIn::Sources sources;
    sources.password_file = password;
    sources.may_ask = false;
    ConsoleSignIn sign_in(std::move(sources), enrolling.keys());
    enrol::Wish wish;
    wish.user = "ann@corp.example";
    wish.url = "https://localhost:" + std::to_string(server.port()) + "/EnrollmentServer/Discovery.svc";
    wish.trust.ca_file = ca;
    const auto enrolled = enrol::Enrolment(std::move(*means), sign_in, [](const std::string&) {}).begin(wish);
    ASSERT_TRUE(enrolled) << enrolled.error().what << " " << enrolled.error().evidence << server.output();
    const auto first = enrolling.keys().describe(enrolled->identity.key);
    ASSERT_TRUE(first) << first.error().what;
    EXPECT_FALSE(first->exportable);
    expect_session("enrolled");

    auto record = *enrol::load_record(agent->enrolments(), enrolled->id);
    Enrolling renewing(*agent, record);
    auto again = renewing.means();
    ASSERT_TRUE(again);
    const auto renewed = enrol::renew(record, *again);
    ASSERT_TRUE(renewed) << renewed.error().what << " " << renewed.error().evidence << server.output();
    EXPECT_NE(record.identity.key, enrolled->identity.key);
    const auto second = renewing.keys().describe(record.identity.key);
    ASSERT_TRUE(second) << second.error().what;
    EXPECT_FALSE(second->exportable);
    expect_session("renewed");
    ASSERT_TRUE(enrol::confirm(record, *again));
    EXPECT_FALSE(renewing.keys().describe(enrolled->identity.key)) << "the old key is gone from the TPM";
    expect_session("confirmed");

    for (const auto& [path, content] : test::snapshot_of(state.path())) {
        EXPECT_THAT(content, Not(HasSubstr("PRIVATE KEY"))) << path;
    }
    const auto id = record.provider;
    ASSERT_TRUE(forget_enrolment(*agent, id));
    EXPECT_FALSE(renewing.keys().describe(record.identity.key)) << "so is the other, once the enrolment is forgotten";
}

}  // namespace
}  // namespace steward::app

// Whoever copies the state directory to another machine reads no password there.
#include <gtest/gtest.h>

#include "agent/app/agent.h"
#include "agent/enrol/record.h"
#include "tests/support/device_root.h"
#include "tests/support/everything_on_disk.h"

namespace steward::app {
namespace {

struct SealedState : testing::Test {
    test::DeviceRoot root;
    test::TemporaryDirectory state;
    const std::vector<std::string> passwords{"geheim-client", "geheim-server", "geheim-proxy", "geheim-document",
                                             "geheim-other-proxy"};

    std::unique_ptr<Agent> open() {
        auto agent = Agent::open({root.path(), state.path()}, Purpose::change);
        EXPECT_TRUE(agent) << agent.error().what;
        return agent ? std::move(*agent) : nullptr;
    }
    void expect_no_password_on_disk() const {
        const auto bytes = test::everything_on_disk(state.path());
        EXPECT_NE(bytes.find("https://mdm.example/dm"), std::string::npos) << "the test looks where accounts are";
        for (const auto& password : passwords) EXPECT_EQ(bytes.find(password), std::string::npos) << password;
    }
};

TEST_F(SealedState, NoPasswordOfAnAccountOrAnEnrolmentLiesOpenInItsFiles) {
    {
        const auto agent = open();
        Account account;
        account.id = "corp";
        account.url = "https://mdm.example/dm";
        account.client = {session::Auth::md5, "dev", passwords[0], {}, false};
        account.server = {session::Auth::md5, "corp", passwords[1], {}, false};
        account.trust.proxy = "http://me:" + passwords[2] + "@proxy.example:8080";
        ASSERT_TRUE(agent->accounts().add(account));
        enrol::Record record;
        record.id = "1";
        record.step = enrol::Step::issued;
        record.document = "<parm name='AAUTHSECRET' value='" + passwords[3] + "'/>";
        record.trust.proxy = "http://me:" + passwords[4] + "@proxy.example:8080";
        ASSERT_TRUE(enrol::save_record(agent->enrolments(), record));
        expect_no_password_on_disk();
    }
    expect_no_password_on_disk();
    const auto agent = open();
    const auto account = agent->accounts().find("corp");
    ASSERT_TRUE(account);
    EXPECT_EQ(account->client.secret, passwords[0]);
    EXPECT_EQ(account->server.secret, passwords[1]);
    EXPECT_NE(account->trust.proxy.find(passwords[2]), std::string::npos);
    const auto record = enrol::load_record(agent->enrolments(), "1");
    ASSERT_TRUE(record) << record.error().what;
    EXPECT_NE(record->document.find(passwords[3]), std::string::npos);
    EXPECT_NE(record->trust.proxy.find(passwords[4]), std::string::npos);
}

}  // namespace
}  // namespace steward::app

#include "csp/syntax.h"

#include <gtest/gtest.h>

#include "csp/policy/lockout_text.h"

namespace steward::csp {
namespace {

TEST(Syntax, Ports) {
    for (const auto* good : {"1", "443", "65535"}) EXPECT_TRUE(is_port(good)) << good;
    for (const auto* bad : {"", "0", "65536", "08", "-1", "+1", "80 ", "http", "99999999999999999999"}) {
        const auto checked = is_port(bad);
        ASSERT_FALSE(checked) << bad;
        EXPECT_EQ(checked.error().fault, Fault::invalid);
        EXPECT_NE(checked.error().what.find("a port from 1 to 65535"), std::string::npos);
    }
}

TEST(Syntax, SessionVersions) {
    for (const auto* good : {"1.0", "2.0", "3", "9.9"}) EXPECT_TRUE(is_session_version(good)) << good;
    for (const auto* bad : {"", "10", "1.", ".1", "1.0.0", "a.b", "1,0"}) EXPECT_FALSE(is_session_version(bad)) << bad;
}

TEST(Syntax, WebAddresses) {
    for (const auto* good : {"https://a.example", "HTTP://a.example:8080/x?y=1", "https://[::1]/dm"}) {
        EXPECT_TRUE(is_web_address(good)) << good;
    }
    for (const auto* bad : {"", "a.example", "ftp://a", "https://", "https:///x", "https://:80/", "https://a b",
                            "https://a\n", "https://a>"}) {
        EXPECT_FALSE(is_web_address(bad)) << bad;
    }
    EXPECT_TRUE(is_web_addresses("https://a.example"));
    EXPECT_TRUE(is_web_addresses("<https://a.example><https://b.example/x>"));
    for (const auto* bad : {"<https://a", "<>", "<https://a>x", "https://a https://b", "<https://a>,<https://b>"}) {
        EXPECT_FALSE(is_web_addresses(bad)) << bad;
    }
}

TEST(Syntax, ALongWrongValueIsQuotedInPart) {
    const auto checked = is_web_address(std::string(100000, 'x'));
    ASSERT_FALSE(checked);
    EXPECT_LT(checked.error().what.size(), 300U);
}

TEST(LockoutText, ReadsAnyOrderAndWritesOne) {
    const auto read =
        parse_lockout("accountlockoutthreshold: 10,ResetAccountLockoutCounterAfter:15 , AccountLockoutDuration:30");
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, (platform::Lockout{10, 30, 15}));
    EXPECT_EQ(lockout_text(*read),
              "AccountLockoutDuration:30, AccountLockoutThreshold:10, ResetAccountLockoutCounterAfter:15");
    EXPECT_EQ(*parse_lockout(lockout_text(*read)), *read);
}

TEST(LockoutText, KeepsItsLimits) {
    const auto with = [](const char* duration, const char* threshold, const char* reset) {
        return is_lockout_policy(std::string("AccountLockoutDuration:") + duration +
                                 ",AccountLockoutThreshold:" + threshold + ",ResetAccountLockoutCounterAfter:" + reset);
    };
    EXPECT_TRUE(with("0", "0", "99999"));
    EXPECT_TRUE(with("15", "999", "15"));
    EXPECT_FALSE(with("15", "10", "16")) << "failures can't be kept longer than the lockout";
    EXPECT_FALSE(with("15", "1000", "15"));
    EXPECT_FALSE(with("100000", "10", "15"));
    EXPECT_FALSE(with("15", "10", "0"));
    EXPECT_FALSE(with("-1", "10", "1"));
    EXPECT_FALSE(with("x", "10", "1"));
    for (const auto* bad : {"", ",", "AccountLockoutDuration:1", "Other:1,AccountLockoutDuration:1",
                            "AccountLockoutDuration:1,AccountLockoutDuration:1,AccountLockoutThreshold:1"}) {
        EXPECT_FALSE(is_lockout_policy(bad)) << bad;
    }
}

}  // namespace
}  // namespace steward::csp

#include "platform/linux/account_ageing.h"

#include <gtest/gtest.h>

#include "platform/linux/passwords.h"
#include "platform/linux/processes.h"
#include "tests/support/debian_root.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

constexpr const char* accounts =
    "root:$y$r:19700:0:99999:7:::\ndaemon:*:19700:0:99999:7:::\nnever:$y$a:19700:0:99999:7:::\n"
    "strict:$y$b:19700:5:20:7:::\nopen:$y$c:19700::::::\nlocked:!$y$d:19700:0:99999:7:::\n";

class AccountAgeing : public ::testing::Test {
  protected:
    AccountAgeing() {
        test::make_debian_root(root_.path());
        root_.write("/etc/passwd",
                    "root:x:0:0::/root:/bin/bash\ndaemon:x:1:1::/:/usr/sbin/nologin\nnever:x:1000:1000::/:/bin/sh\n"
                    "strict:x:1001:1001::/:/bin/sh\nopen:x:1002:1002::/:/bin/sh\nlocked:x:1003:1003::/:/bin/sh\n");
        root_.write("/etc/shadow", accounts);
    }
    static PasswordRules limits(std::optional<int> longest, std::optional<int> shortest) {
        PasswordRules rules;
        rules.expiration_days = longest;
        rules.minimum_age_days = shortest;
        return rules;
    }
    std::string shadow() const { return root_.read("/etc/shadow"); }

    test::TemporaryDirectory root_;
    Files files_{root_.path()};
    LinuxProcesses processes_;
    LinuxPasswords passwords_{files_, processes_};
};

TEST_F(AccountAgeing, PeopleAreHeldToItAndRootAndServicesAreNot) {
    ASSERT_TRUE(passwords_.write(limits(90, 2)));
    EXPECT_EQ(shadow(),
              "root:$y$r:19700:0:99999:7:::\ndaemon:*:19700:0:99999:7:::\nnever:$y$a:19700:2:90:7:::\n"
              "strict:$y$b:19700:5:20:7:::\nopen:$y$c:19700:2:90::::\nlocked:!$y$d:19700:0:99999:7:::\n");
    EXPECT_EQ(passwords_.read()->expiration_days, 90);
    EXPECT_EQ(passwords_.read()->minimum_age_days, 2);
    ASSERT_TRUE(passwords_.write({}));
    EXPECT_EQ(shadow(), accounts);
    EXPECT_FALSE(root_.has("/var/lib/steward"));
}

TEST_F(AccountAgeing, OneAccountThatNeverExpiresIsWhatIsInForce) {
    ASSERT_TRUE(passwords_.write(limits(90, {})));
    root_.write("/etc/shadow", shadow() + "late:$y$e:19700:0:99999:7:::\n");
    root_.write("/etc/passwd", root_.read("/etc/passwd") + "late:x:1004:1004::/:/bin/sh\n");
    EXPECT_EQ(passwords_.read()->expiration_days, 0);
    ASSERT_TRUE(passwords_.write(limits(90, {})));
    EXPECT_EQ(passwords_.read()->expiration_days, 90);
}

TEST_F(AccountAgeing, ANewLimitStartsFromWhatWasThereBeforeUs) {
    ASSERT_TRUE(passwords_.write(limits(30, {})));
    ASSERT_TRUE(passwords_.write(limits(200, {})));
    EXPECT_NE(shadow().find("never:$y$a:19700:0:200:7:::"), std::string::npos) << shadow();
    ASSERT_TRUE(passwords_.write({}));
    EXPECT_EQ(shadow(), accounts);
}

TEST_F(AccountAgeing, WhatSomebodyElseSetMeanwhileStays) {
    ASSERT_TRUE(passwords_.write(limits(90, {})));
    auto text = shadow();
    text.replace(text.find("never:$y$a:19700:0:90"), 21, "never:$y$a:19700:0:45");
    root_.write("/etc/shadow", text);
    ASSERT_TRUE(passwords_.write({}));
    EXPECT_NE(shadow().find("never:$y$a:19700:0:45:7"), std::string::npos);
}

TEST_F(AccountAgeing, APasswordThatCouldNeverBeChangedIsRefused) {
    const auto written = passwords_.write(limits({}, 30));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().fault, Fault::invalid);
    EXPECT_NE(written.error().what.find("\"strict\""), std::string::npos);
    EXPECT_EQ(shadow(), accounts);
}

}  // namespace
}  // namespace steward::platform

// Rules for which the chosen authselect profile runs no module, with an authselect that makes its stacks as the real
// one does from its profile "local".
#include "platform/linux/authselect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "platform/base/text.h"
#include "platform/linux/pam.h"
#include "platform/linux/passwords.h"
#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct PlayedAuthselect final : Processes {
    explicit PlayedAuthselect(const test::TemporaryDirectory& root) : root_(root) { make(); }

    std::set<std::string> enabled, supported = {"with-faillock", "with-pwhistory", "with-mkhomedir"};
    bool valid = true, lazy = false;
    std::vector<std::string> asked;

    Result<Ended> run(const Command& command) override {
        const auto& words = command.arguments;
        if (words[0] != "/usr/bin/authselect") return Ended{127, "", words[0]};
        asked.push_back(join({words.begin() + 1, words.end()}, " "));
        if (words[1] == "check") {
            return valid
                       ? Ended{0, "Current configuration is valid.\n", ""}
                       : Ended{9, "Current configuration is not valid. It was probably modified outside authselect.\n",
                               ""};
        }
        if (words.size() < 3 || !supported.contains(words[2])) {
            return Ended{22, "", "Unknown profile feature [" + words.back() + "]\n"};
        }
        if (words[1] == "enable-feature") enabled.insert(words[2]);
        if (words[1] == "disable-feature") enabled.erase(words[2]);
        if (!lazy) make();
        return Ended{0, "", ""};
    }

  private:
    void make() const {
        const auto with = [&](const char* feature, const char* line) {
            return enabled.contains(feature) ? std::string(line) : std::string();
        };
        root_.write("/etc/pam.d/system-auth",
                    "auth required pam_env.so\n" +
                        with("with-faillock", "auth required pam_faillock.so preauth silent\n") +
                        "auth sufficient pam_unix.so nullok\n" +
                        with("with-faillock", "auth required pam_faillock.so authfail\n") +
                        "auth required pam_deny.so\n" + with("with-faillock", "account required pam_faillock.so\n") +
                        "account required pam_unix.so\npassword requisite pam_pwquality.so\n" +
                        with("with-pwhistory", "password requisite pam_pwhistory.so use_authtok\n") +
                        "password sufficient pam_unix.so yescrypt shadow nullok use_authtok\n");
    }
    const test::TemporaryDirectory& root_;
};

class AuthselectTest : public ::testing::Test {
  protected:
    AuthselectTest() {
        root_.write("/usr/bin/authselect", "");
        root_.write("/etc/passwd", "root:x:0:0::/root:/bin/bash\n");
        root_.write("/etc/shadow", "root:*:20000:0:99999:7:::\n");
        root_.write("/etc/login.defs", "PASS_MAX_DAYS\t99999\n");
        root_.write("/etc/security/faillock.conf", "# silent\n");
        root_.write("/etc/security/pwhistory.conf", "# remember = 10\n");
        root_.write("/etc/security/pwquality.conf", "# minlen = 8\n");
    }
    static PasswordRules rules() {
        PasswordRules rules;
        rules.max_failed_attempts = 5;
        rules.history = 7;
        return rules;
    }

    test::TemporaryDirectory root_;
    Files files_{root_.path()};
    PlayedAuthselect authselect_{root_};
    LinuxPasswords passwords_{files_, authselect_};
};

TEST_F(AuthselectTest, LockoutAndHistoryComeByFeaturesAndGoAgain) {
    const auto before = test::snapshot_of(root_.path());
    const auto written = passwords_.write(rules());
    ASSERT_TRUE(written) << written.error().what << written.error().evidence;
    EXPECT_THAT(authselect_.enabled, ElementsAre("with-faillock", "with-pwhistory"));
    EXPECT_EQ(passwords_.read()->max_failed_attempts, 5);
    EXPECT_EQ(passwords_.read()->history, 7);
    authselect_.asked.clear();
    ASSERT_TRUE(passwords_.write(rules()));
    EXPECT_TRUE(authselect_.asked.empty()) << "nothing is left to do";
    ASSERT_TRUE(passwords_.write({}));
    EXPECT_TRUE(authselect_.enabled.empty());
    EXPECT_EQ(passwords_.read()->max_failed_attempts, 0);
    std::filesystem::remove_all(root_.below("/var"));  // the empty directory of our notes
    EXPECT_EQ(test::snapshot_of(root_.path()), before);
}

TEST_F(AuthselectTest, WhatAnAdministratorEnabledStays) {
    authselect_.enabled = {"with-faillock", "with-mkhomedir"};
    Command again;
    again.arguments = {"/usr/bin/authselect", "enable-feature", "with-mkhomedir"};
    ASSERT_TRUE(authselect_.run(again));
    ASSERT_TRUE(passwords_.write(rules()));
    EXPECT_THAT(authselect_.enabled, Contains("with-pwhistory"));
    ASSERT_TRUE(passwords_.write({}));
    EXPECT_THAT(authselect_.enabled, ElementsAre("with-faillock", "with-mkhomedir"));
}

TEST_F(AuthselectTest, AStackThatAuthselectDidNotMakeIsLeftAlone) {
    authselect_.valid = false;
    const auto written = passwords_.write(rules());
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().fault, Fault::unsupported);
    EXPECT_THAT(written.error().evidence, HasSubstr("modified outside authselect"));
    EXPECT_TRUE(authselect_.enabled.empty());
    PasswordRules rules;
    rules.min_length = 12;
    EXPECT_TRUE(passwords_.write(rules)) << "for this the stack is good as it is";
}

TEST_F(AuthselectTest, AProfileWithoutTheFeatureIsSaidAndNothingIsHalfDone) {
    authselect_.supported.erase("with-pwhistory");
    const auto written = passwords_.write(rules());
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().fault, Fault::unsupported);
    EXPECT_THAT(written.error().evidence, HasSubstr("Unknown profile feature [with-pwhistory]"));
    EXPECT_TRUE(authselect_.enabled.empty()) << "the other one went again";
    EXPECT_FALSE(root_.has("/var/lib/steward/authselect-features"));
}

TEST_F(AuthselectTest, AToolThatDoesNothingIsNotBelieved) {
    authselect_.lazy = true;
    const auto written = passwords_.write(rules());
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().fault, Fault::io);
}

TEST_F(AuthselectTest, ARunThatWasCutShortIsFinished) {
    root_.write("/var/lib/steward/authselect-features", "with-faillock\nwith-pwhistory\n");  // and no further
    ASSERT_TRUE(passwords_.write(rules()));
    EXPECT_THAT(authselect_.enabled, ElementsAre("with-faillock", "with-pwhistory"));
    ASSERT_TRUE(passwords_.write({}));
    EXPECT_TRUE(authselect_.enabled.empty());
}

}  // namespace
}  // namespace steward::platform

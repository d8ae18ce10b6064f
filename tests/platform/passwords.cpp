#include "platform/linux/passwords.h"

#include <gtest/gtest.h>

#include "platform/linux/processes.h"
#include "tests/support/debian_root.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

class PasswordsTest : public ::testing::Test {
  protected:
    PasswordsTest() { test::make_debian_root(root_.path()); }

    PasswordRules effective() {
        auto rules = passwords_.read();
        EXPECT_TRUE(rules) << rules.error().what;
        return rules ? *rules : PasswordRules();
    }

    test::TemporaryDirectory root_;
    Files files_{root_.path()};
    LinuxProcesses processes_;
    LinuxPasswords passwords_{files_, processes_};
};

TEST_F(PasswordsTest, APristineDebianSaysWhatItEnforces) {
    const auto rules = effective();
    EXPECT_EQ(rules.required, true);
    EXPECT_EQ(rules.min_length, 8);
    EXPECT_EQ(rules.complex_characters, 1);
    EXPECT_EQ(rules.alphanumeric, false);
    EXPECT_EQ(rules.allow_simple, true);
    EXPECT_EQ(rules.complexity, false);
    EXPECT_EQ(rules.history, 10);
    EXPECT_EQ(rules.expiration_days, 0);
    EXPECT_EQ(rules.minimum_age_days, 0);
    EXPECT_EQ(rules.max_failed_attempts, 3);
    EXPECT_EQ(rules.lockout, (Lockout{3, 10, 15}));
    EXPECT_EQ(rules.lock_administrator, false);
    EXPECT_EQ(rules.inactivity_minutes, 0);
}

TEST_F(PasswordsTest, QualityGoesToADropIn) {
    PasswordRules rules;
    rules.min_length = 12;
    rules.complex_characters = 3;
    rules.allow_simple = false;
    const auto main = root_.read("/etc/security/pwquality.conf");
    ASSERT_TRUE(passwords_.write(rules));
    EXPECT_EQ(root_.read("/etc/security/pwquality.conf.d/50-steward.conf"),
              "# Managed by Steward: changes here are overwritten.\n# Directories made for this file: 1\n"
              "dcredit = -1\ndictcheck = 1\nlcredit = -1\nmaxrepeat = 3\nmaxsequence = 3\nminlen = 12\nucredit = -1\n");
    EXPECT_EQ(root_.read("/etc/security/pwquality.conf"), main);
    EXPECT_EQ(effective().min_length, 12);
    EXPECT_EQ(effective().complex_characters, 3);
    EXPECT_EQ(effective().alphanumeric, true);
    EXPECT_EQ(effective().allow_simple, false);
}

TEST_F(PasswordsTest, AValueInTheMainFileWinsAndIsChangedThere) {
    root_.write("/etc/security/pwquality.conf", "# ours\nminlen = 20\nretry = 3\n");
    EXPECT_EQ(effective().min_length, 20);
    PasswordRules rules;
    rules.min_length = 10;
    ASSERT_TRUE(passwords_.write(rules));
    EXPECT_EQ(root_.read("/etc/security/pwquality.conf"),
              "# ours\n#steward:was# minlen = 20\n#steward:now# minlen\nminlen = 10\nretry = 3\n");
    EXPECT_FALSE(root_.has("/etc/security/pwquality.conf.d"));
    EXPECT_EQ(effective().min_length, 10);
    ASSERT_TRUE(passwords_.write({}));
    EXPECT_EQ(root_.read("/etc/security/pwquality.conf"), "# ours\nminlen = 20\nretry = 3\n");
}

TEST_F(PasswordsTest, SoIsAValueInALaterDropIn) {
    root_.write("/etc/security/pwquality.conf.d/40-earlier.conf", "minlen = 30\n");
    root_.write("/etc/security/pwquality.conf.d/90-later.conf", "minlen = 7\n");
    PasswordRules rules;
    rules.min_length = 14;
    ASSERT_TRUE(passwords_.write(rules));
    EXPECT_EQ(effective().min_length, 14);
    EXPECT_EQ(root_.read("/etc/security/pwquality.conf.d/40-earlier.conf"), "minlen = 30\n");
    ASSERT_TRUE(passwords_.write({}));
    EXPECT_EQ(root_.read("/etc/security/pwquality.conf.d/90-later.conf"), "minlen = 7\n");
}

TEST_F(PasswordsTest, ACreditOfOthersDoesNotShortenOurLength) {
    root_.write("/etc/security/pwquality.conf", "dcredit = 2\n");
    PasswordRules rules;
    rules.min_length = 10;
    ASSERT_TRUE(passwords_.write(rules));
    EXPECT_EQ(effective().min_length, 10);
}

TEST_F(PasswordsTest, AnArgumentInTheStackIsRefusedNotFought) {
    root_.write("/etc/pam.d/common-password", "password requisite pam_pwquality.so minlen=9\n");
    EXPECT_EQ(effective().min_length, 9);
    PasswordRules rules;
    rules.min_length = 12;
    const auto written = passwords_.write(rules);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().fault, Fault::unsupported);
    EXPECT_EQ(written.error().evidence, "/etc/pam.d/common-password");
    EXPECT_FALSE(root_.has("/etc/security/pwquality.conf.d"));
}

TEST_F(PasswordsTest, WithoutTheModuleNothingIsClaimed) {
    const test::TemporaryDirectory bare;
    test::make_debian_root(bare.path(), {.quality = false, .faillock = false, .history = false});
    Files files(bare.path());
    LinuxPasswords passwords(files, processes_);
    auto read = passwords.read();
    ASSERT_TRUE(read);
    EXPECT_EQ(read->min_length, std::nullopt);
    EXPECT_EQ(read->max_failed_attempts, 0);
    EXPECT_EQ(read->lockout, std::nullopt);
    EXPECT_EQ(read->history, 0);

    PasswordRules length, lockout, history;
    length.min_length = 12;
    lockout.max_failed_attempts = 5;
    history.history = 5;
    for (const auto& rules : {length, lockout, history}) {
        const auto written = passwords.write(rules);
        ASSERT_FALSE(written);
        EXPECT_EQ(written.error().fault, Fault::unsupported);
        EXPECT_NE(written.error().what.find("pam_"), std::string::npos);
    }
}

TEST_F(PasswordsTest, AnOldHistoryModuleIsToldFromANewOne) {
    std::filesystem::remove(root_.below("/etc/security/pwhistory.conf"));
    PasswordRules rules;
    rules.history = 5;
    EXPECT_EQ(passwords_.write(rules).error().fault, Fault::unsupported);
    root_.write("/etc/pam.d/common-password", "password requisite pam_pwhistory.so remember=5\n");
    EXPECT_EQ(effective().history, 5);
    EXPECT_TRUE(passwords_.write(rules)) << "it is so already";
}

TEST_F(PasswordsTest, LockoutIsInSecondsAndTheStricterThresholdHolds) {
    PasswordRules rules;
    rules.lockout = Lockout{10, 30, 20};
    rules.max_failed_attempts = 6;
    rules.lock_administrator = true;
    ASSERT_TRUE(passwords_.write(rules));
    const auto text = root_.read("/etc/security/faillock.conf");
    for (const auto* line :
         {"\ndeny = 6\n", "\nunlock_time = 1800\n", "\nfail_interval = 1200\n", "\neven_deny_root\n"}) {
        EXPECT_NE(text.find(line), std::string::npos) << line;
    }
    EXPECT_EQ(effective().lockout, (Lockout{6, 30, 20}));
    EXPECT_EQ(effective().lock_administrator, true);
}

TEST_F(PasswordsTest, FailuresWithoutADurationLockUntilSomebodyHelps) {
    PasswordRules rules;
    rules.max_failed_attempts = 5;
    ASSERT_TRUE(passwords_.write(rules));
    EXPECT_EQ(effective().lockout, (Lockout{5, 0, 15}));
}

TEST_F(PasswordsTest, TheAdministratorIsLetInAgain) {
    const std::string original = "even_deny_root\nroot_unlock_time = 60\n";
    root_.write("/etc/security/faillock.conf", original);
    EXPECT_EQ(effective().lock_administrator, true);
    PasswordRules rules;
    rules.lock_administrator = false;
    ASSERT_TRUE(passwords_.write(rules));
    EXPECT_EQ(effective().lock_administrator, false);
    ASSERT_TRUE(passwords_.write({}));
    EXPECT_EQ(root_.read("/etc/security/faillock.conf"), original);
}

TEST_F(PasswordsTest, AgeingIsThatOfNewAccounts) {
    PasswordRules rules;
    rules.expiration_days = 90;
    rules.minimum_age_days = 2;
    ASSERT_TRUE(passwords_.write(rules));
    EXPECT_EQ(effective().expiration_days, 90);
    EXPECT_EQ(effective().minimum_age_days, 2);
    rules.minimum_age_days = 90;
    EXPECT_EQ(passwords_.write(rules).error().fault, Fault::invalid);
    EXPECT_EQ(effective().minimum_age_days, 2) << "nothing of a refused write happens";
}

TEST_F(PasswordsTest, IdleSessionsLockOnBothDoors) {
    PasswordRules rules;
    rules.inactivity_minutes = 15;
    ASSERT_TRUE(passwords_.write(rules));
    EXPECT_EQ(effective().inactivity_minutes, 15);
    EXPECT_NE(root_.read("/etc/systemd/logind.conf.d/50-steward.conf").find("IdleActionSec=900\n"), std::string::npos);
    std::filesystem::remove(root_.below("/etc/profile.d/50-steward-tmout.sh"));
    EXPECT_EQ(effective().inactivity_minutes, 0) << "text logins stay open now";
}

TEST_F(PasswordsTest, ALaterDropInOfLogindIsRefusedNotFought) {
    root_.write("/usr/lib/systemd/logind.conf.d/90-kiosk.conf", "[Login]\nIdleAction=ignore\n");
    PasswordRules rules;
    rules.inactivity_minutes = 15;
    const auto written = passwords_.write(rules);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().evidence, "/usr/lib/systemd/logind.conf.d/90-kiosk.conf");
}

TEST_F(PasswordsTest, TimeSpansOfSystemdAreUnderstood) {
    root_.write("/etc/systemd/logind.conf", "[Login]\nIdleAction=lock\nIdleActionSec=1h 30min\n");
    root_.write("/etc/profile.d/10-local.sh", "# TMOUT=5\nexport TMOUT=600\n");
    EXPECT_EQ(effective().inactivity_minutes, 90);
    root_.write("/etc/systemd/logind.conf", "[Login]\nIdleAction=lock\nIdleActionSec=soon\n");
    EXPECT_EQ(effective().inactivity_minutes, std::nullopt);
}

TEST_F(PasswordsTest, AFixedTimeoutOfOthersIsKeptWhenItIsStricter) {
    root_.write("/etc/profile.d/10-local.sh", "readonly TMOUT=300\nexport TMOUT\n");
    PasswordRules rules;
    rules.inactivity_minutes = 15;
    ASSERT_TRUE(passwords_.write(rules));
    EXPECT_FALSE(root_.has("/etc/profile.d/50-steward-tmout.sh"));
    rules.inactivity_minutes = 2;
    EXPECT_EQ(passwords_.write(rules).error().evidence, "/etc/profile.d/10-local.sh");
}

TEST_F(PasswordsTest, AnEmptyPasswordIsSeen) {
    root_.write("/etc/shadow", "root:!:1::::::\nuser::19700:0:99999:7:::\n");
    EXPECT_EQ(effective().required, false);
    PasswordRules rules;
    rules.required = true;
    const auto written = passwords_.write(rules);
    ASSERT_FALSE(written);
    EXPECT_NE(written.error().what.find("\"user\""), std::string::npos);
    root_.write("/etc/pam.d/common-auth", "auth required pam_unix.so\n");
    EXPECT_EQ(effective().required, true) << "without nullok nobody gets in with it";
}

TEST_F(PasswordsTest, AFileThatTheLibraryRefusesMakesTheRulesUnknown) {
    root_.write("/etc/security/pwquality.conf", "minlen = long\n");
    EXPECT_EQ(effective().min_length, std::nullopt);
    EXPECT_EQ(effective().complex_characters, std::nullopt);
}

}  // namespace
}  // namespace steward::platform

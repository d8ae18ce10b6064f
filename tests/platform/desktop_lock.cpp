// Desktops lock themselves when nobody is there: GNOME by dconf, compiled and read by the real tool; KDE by its file.
#include <gtest/gtest.h>

#include "platform/linux/dconf.h"
#include "platform/linux/passwords.h"
#include "platform/linux/processes.h"
#include "tests/support/debian_root.h"
#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

namespace fs = std::filesystem;

class DesktopLockTest : public ::testing::Test {
  protected:
    DesktopLockTest() {
        test::make_debian_root(root_.path());
        rules_.inactivity_minutes = 15;
    }
    void install_gnome() const {
        root_.write("/usr/bin/gnome-shell", "");
        root_.write("/usr/bin/dconf", "");
    }
    std::optional<int> effective() {
        const auto rules = passwords_.read();
        EXPECT_TRUE(rules) << rules.error().what;
        return rules ? rules->inactivity_minutes : std::nullopt;
    }
    // What a session finds that reads this database.
    std::string dconf(const std::string& verb, const std::string& path, const std::string& database = "local") {
        const auto profile =
            session_.write("/profile", "user-db:user\nfile-db:" + root_.path() + "/etc/dconf/db/" + database + "\n");
        Command command;
        command.arguments = {"/usr/bin/dconf", verb, path};
        command.environment = {
            {"DCONF_PROFILE", profile}, {"XDG_RUNTIME_DIR", session_.path()}, {"HOME", session_.path()}};
        const auto ended = processes_.run(command);
        EXPECT_TRUE(ended);
        return ended ? ended->output : "";
    }

    test::TemporaryDirectory root_, session_;
    Files files_{root_.path()};
    LinuxProcesses processes_;
    LinuxPasswords passwords_{files_, processes_};
    PasswordRules rules_;
};

// What dconf itself compiles; without it there is nothing to try here.
class GnomeLockTest : public DesktopLockTest {
  protected:
    void SetUp() override {
        if (!fs::exists("/usr/bin/dconf")) GTEST_SKIP() << "dconf is not on this machine";
        install_gnome();
    }
};

TEST_F(GnomeLockTest, SessionsFindTheLimitAndCanNotChangeIt) {
    const auto before = test::snapshot_of(root_.path());
    ASSERT_TRUE(passwords_.write(rules_));
    EXPECT_EQ(root_.read("/etc/dconf/profile/user"),
              "# Managed by Steward: changes here are overwritten.\n# Directories made for this file: 2\n"
              "user-db:user\nsystem-db:local\n");
    EXPECT_EQ(dconf("read", "/org/gnome/desktop/session/idle-delay"), "uint32 900\n");
    EXPECT_EQ(dconf("read", "/org/gnome/desktop/screensaver/lock-enabled"), "true\n");
    EXPECT_EQ(dconf("list-locks", "/org/gnome/desktop/"),
              "/org/gnome/desktop/lockdown/disable-lock-screen\n/org/gnome/desktop/screensaver/lock-delay\n"
              "/org/gnome/desktop/screensaver/lock-enabled\n/org/gnome/desktop/session/idle-delay\n");
    EXPECT_EQ(effective(), 15);
    rules_.inactivity_minutes = 5;
    ASSERT_TRUE(passwords_.write(rules_));
    EXPECT_EQ(dconf("read", "/org/gnome/desktop/session/idle-delay"), "uint32 300\n");
    EXPECT_EQ(effective(), 5);
    ASSERT_TRUE(passwords_.write({}));
    EXPECT_EQ(test::snapshot_of(root_.path()), before);
}

TEST_F(GnomeLockTest, WithoutARuleTheDesktopIsAnOpenDoor) {
    root_.write("/etc/systemd/logind.conf", "[Login]\nIdleAction=lock\nIdleActionSec=600\n");
    root_.write("/etc/profile.d/10-local.sh", "readonly TMOUT=600\nexport TMOUT\n");
    EXPECT_EQ(effective(), 0);
    fs::remove(root_.below("/usr/bin/gnome-shell"));
    EXPECT_EQ(effective(), 10);
}

TEST_F(GnomeLockTest, WhatIsNotCompiledIsNotInForceAndIsCompiledAgain) {
    ASSERT_TRUE(passwords_.write(rules_));
    fs::remove(root_.below("/etc/dconf/db/local"));
    EXPECT_EQ(effective(), 0);
    ASSERT_TRUE(passwords_.write(rules_));
    EXPECT_EQ(effective(), 15);
    root_.write("/etc/dconf/db/local.d/10-office", "[org/gnome/desktop/background]\npicture-uri='file:///a'\n");
    EXPECT_EQ(effective(), 0) << "somebody has changed the key files and not compiled them";
}

TEST_F(GnomeLockTest, TheDatabaseThatSessionsReadAlreadyIsUsedAndKeepsItsOtherKeys) {
    const std::string profile = "user-db:user\nsystem-db:site\n";
    const std::string others = "[org/gnome/desktop/background]\npicture-uri='file:///a'\n";
    root_.write("/etc/dconf/profile/user", profile);
    root_.write("/etc/dconf/db/site.d/10-office", others);
    ASSERT_TRUE(passwords_.write(rules_));
    EXPECT_EQ(root_.read("/etc/dconf/profile/user"), profile);
    EXPECT_EQ(dconf("read", "/org/gnome/desktop/session/idle-delay", "site"), "uint32 900\n");
    EXPECT_EQ(effective(), 15);
    ASSERT_TRUE(passwords_.write({}));
    EXPECT_EQ(dconf("read", "/org/gnome/desktop/session/idle-delay", "site"), "");
    EXPECT_EQ(dconf("read", "/org/gnome/desktop/background/picture-uri", "site"), "'file:///a'\n");
    EXPECT_EQ(root_.read("/etc/dconf/db/site.d/10-office"), others);
    EXPECT_FALSE(root_.has("/etc/dconf/db/site.d/locks"));
}

TEST_F(GnomeLockTest, AKeyFileOfOthersThatDconfCanNotReadUndoesEverything) {
    root_.write("/etc/dconf/db/local.d/10-office", "[org/gnome/desktop/background]\npicture-uri=broken(\n");
    const auto before = test::snapshot_of(root_.path());
    const auto written = passwords_.write(rules_);
    ASSERT_FALSE(written);
    EXPECT_NE(written.error().evidence.find("10-office"), std::string::npos) << written.error().evidence;
    EXPECT_EQ(test::snapshot_of(root_.path()), before);
}

TEST_F(DesktopLockTest, GnomeThatCanNotBeGivenRulesIsRefusedAndNothingHappens) {
    root_.write("/usr/bin/gnome-shell", "");
    auto before = test::snapshot_of(root_.path());
    EXPECT_EQ(passwords_.write(rules_).error().evidence, "/usr/bin/dconf");
    install_gnome();
    root_.write("/etc/dconf/profile/user", "user-db:user\n");
    EXPECT_EQ(passwords_.write(rules_).error().evidence, "/etc/dconf/profile/user");
    root_.write("/etc/dconf/profile/user", "user-db:user\nsystem-db:local\n");
    root_.write("/etc/dconf/db/local.d/90-kiosk", "[org/gnome/desktop/session]\nidle-delay=uint32 0\n");
    before = test::snapshot_of(root_.path());
    const auto written = passwords_.write(rules_);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().fault, Fault::unsupported);
    EXPECT_EQ(written.error().evidence, "/etc/dconf/db/local.d/90-kiosk");
    EXPECT_EQ(test::snapshot_of(root_.path()), before);
}

TEST_F(DesktopLockTest, KdeLocksByAFileThatItsUsersCanNotOverride) {
    root_.write("/usr/bin/plasmashell", "");
    const auto before = test::snapshot_of(root_.path());
    ASSERT_TRUE(passwords_.write(rules_));
    EXPECT_EQ(root_.read("/etc/xdg/kscreenlockerrc"),
              "# Managed by Steward: changes here are overwritten.\n# Directories made for this file: 1\n"
              "[Daemon][$i]\nAutolock=true\nTimeout=15\nLockGrace=0\nLockOnResume=true\n");
    EXPECT_EQ(effective(), 15);
    root_.write("/etc/xdg/kscreenlockerrc", root_.read("/etc/xdg/kscreenlockerrc") + "Timeout=60\n");
    EXPECT_EQ(effective(), 60);
    ASSERT_TRUE(passwords_.write(rules_));
    EXPECT_EQ(effective(), 15);
    ASSERT_TRUE(passwords_.write({}));
    EXPECT_EQ(test::snapshot_of(root_.path()), before);
}

TEST_F(DesktopLockTest, AKdeFileOfOthersIsKeptWhenItIsStricter) {
    root_.write("/usr/bin/plasmashell", "");
    const std::string others = "[Daemon][$i]\nAutolock=true\nTimeout=10\n";
    root_.write("/etc/xdg/kscreenlockerrc", others);
    ASSERT_TRUE(passwords_.write(rules_));
    EXPECT_EQ(effective(), 15) << "the other doors stay open for so long";
    rules_.inactivity_minutes = 5;
    EXPECT_EQ(passwords_.write(rules_).error().evidence, "/etc/xdg/kscreenlockerrc");
    EXPECT_EQ(root_.read("/etc/xdg/kscreenlockerrc"), others);
}

}  // namespace
}  // namespace steward::platform

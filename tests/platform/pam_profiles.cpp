// Rules for which a stock Debian runs no module: they get there by the real pam-auth-update, in a private root.
#include "platform/linux/pam_profiles.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include "platform/linux/pam.h"
#include "platform/linux/passwords.h"
#include "platform/linux/processes.h"
#include "tests/support/debian_root.h"
#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

namespace fs = std::filesystem;

class PamProfilesTest : public ::testing::Test {
  protected:
    // The tool keeps its questions in a database of the machine, whatever the root: one test at a time.
    static void lock_debconf() {
        static const int file = ::open("/tmp/steward-test-debconf.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        ::flock(file, LOCK_EX);
    }
    void SetUp() override {
        lock_debconf();
        if (!fs::exists("/usr/sbin/pam-auth-update") || !fs::exists("/usr/share/pam/common-auth")) {
            GTEST_SKIP() << "pam-auth-update is not on this machine";
        }
        test::make_debian_root(root_.path(), {.quality = false, .faillock = false, .history = false});
        root_.write("/usr/sbin/pam-auth-update", "");
        root_.write("/usr/share/pam-configs/unix", unix_profile);
        root_.write("/var/lib/pam/seen", "");
        for (const auto* type : {"auth", "account", "password", "session", "session-noninteractive"}) {
            const auto name = std::string("common-") + type;
            fs::create_directories(root_.below("/usr/share/pam"));
            fs::copy_file("/usr/share/pam/" + name, root_.below("/usr/share/pam/" + name));
            fs::copy_file("/usr/share/pam/" + name, root_.below("/etc/pam.d/" + name),
                          fs::copy_options::overwrite_existing);
            if (const auto sums = "/usr/share/pam/" + name + ".md5sums"; fs::exists(sums)) {
                fs::copy_file(sums, root_.below(sums));
            }
        }
        Command command;
        command.arguments = {"/usr/sbin/pam-auth-update", "--root", root_.path(), "--force", "--package"};
        command.environment = {{"DEBIAN_FRONTEND", "noninteractive"}};
        const auto ended = processes_.run(command);
        ASSERT_TRUE(ended && ended->code == 0) << ended->errors;
    }
    bool runs(std::string_view type, std::string_view module, std::string_view argument) {
        const auto modules = find_pam_module(files_, type, module);
        if (!modules) return false;
        for (const auto& found : *modules) {
            if (argument.empty() || found.argument(argument)) return true;
        }
        return false;
    }

    // What is not as it was. The tool's list of the profiles it has ever seen is its own business.
    std::string changed_since(const test::Snapshot& before) const {
        std::string names;
        const auto now = test::snapshot_of(root_.path());
        for (const auto* side : {&before, &now}) {
            for (const auto& [path, text] : *side) {
                const auto& other = side == &before ? now : before;
                const auto found = other.find(path);
                if ((found == other.end() || found->second != text) && path != "var/lib/pam/seen") names += path + " ";
            }
        }
        return names;
    }

    static constexpr const char* unix_profile = R"(Name: Unix authentication
Default: yes
Priority: 256
Auth-Type: Primary
Auth:
	[success=end default=ignore]	pam_unix.so nullok try_first_pass
Auth-Initial:
	[success=end default=ignore]	pam_unix.so nullok
Account-Type: Primary
Account:
	[success=end new_authtok_reqd=done default=ignore]	pam_unix.so
Password-Type: Primary
Password:
	[success=end default=ignore]	pam_unix.so obscure use_authtok try_first_pass yescrypt
Password-Initial:
	[success=end default=ignore]	pam_unix.so obscure yescrypt
)";

    test::TemporaryDirectory root_;
    Files files_{root_.path()};
    LinuxProcesses processes_;
    LinuxPasswords passwords_{files_, processes_};
};

PasswordRules lockout_and_history() {
    PasswordRules rules;
    rules.lockout = Lockout{5, 30, 20};
    rules.history = 7;
    return rules;
}

TEST_F(PamProfilesTest, LockoutAndHistoryComeIntoAStackThatHasNeither) {
    EXPECT_EQ(passwords_.read()->history, 0);
    const auto before = test::snapshot_of(root_.path());
    const auto written = passwords_.write(lockout_and_history());
    ASSERT_TRUE(written) << written.error().what << written.error().evidence;
    const auto rules = passwords_.read();
    EXPECT_EQ(rules->lockout, (Lockout{5, 30, 20}));
    EXPECT_EQ(rules->history, 7);
    EXPECT_TRUE(runs("auth", "pam_faillock.so", "preauth"));
    EXPECT_TRUE(runs("auth", "pam_faillock.so", "authfail"));
    EXPECT_TRUE(runs("account", "pam_faillock.so", ""));
    ASSERT_TRUE(passwords_.write({}));
    EXPECT_EQ(changed_since(before), "");
}

TEST_F(PamProfilesTest, TheHistoryAsksForThePasswordWhenNobodyDidBefore) {
    ASSERT_TRUE(passwords_.write(lockout_and_history()));
    EXPECT_FALSE(runs("password", "pam_pwhistory.so", "use_authtok"));
    EXPECT_TRUE(runs("password", "pam_unix.so", "use_authtok"));
}

TEST_F(PamProfilesTest, AnotherNumberReplacesTheFirst) {
    ASSERT_TRUE(passwords_.write(lockout_and_history()));
    auto rules = lockout_and_history();
    rules.history = 24;
    rules.lockout.reset();
    ASSERT_TRUE(passwords_.write(rules));
    EXPECT_EQ(passwords_.read()->history, 24);
    EXPECT_FALSE(runs("auth", "pam_faillock.so", ""));
}

TEST_F(PamProfilesTest, AStackEditedByHandIsLeftAloneAndSaidSo) {
    const auto path = std::string("/etc/pam.d/common-auth");
    auto text = root_.read(path);
    const auto at = text.find("auth\t[success");
    ASSERT_NE(at, std::string::npos);
    root_.write(path, text.insert(at, "auth\trequired\tpam_nologin.so\n"));
    const auto before = test::snapshot_of(root_.path());
    const auto written = passwords_.write(lockout_and_history());
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().fault, Fault::unsupported) << written.error().what;
    EXPECT_NE(written.error().what.find("edited by hand"), std::string::npos) << written.error().what;
    EXPECT_EQ(changed_since(before), "");
}

TEST_F(PamProfilesTest, ARunThatWasCutShortIsFinished) {
    ASSERT_TRUE(passwords_.write(lockout_and_history()));
    const auto wanted = test::snapshot_of(root_.path());
    // As if the power had gone between the profiles and the tool.
    Command command;
    command.arguments = {
        "/usr/sbin/pam-auth-update", "--root",           root_.path(), "--package", "--remove", "steward-faillock",
        "steward-faillock-count",    "steward-pwhistory"};
    ASSERT_EQ(processes_.run(command)->code, 0);
    EXPECT_EQ(passwords_.read()->history, 0);
    ASSERT_TRUE(passwords_.write(lockout_and_history()));
    EXPECT_EQ(changed_since(wanted), "");
}

struct Deaf final : Processes {
    Ended answer;
    Result<Ended> run(const Command&) override { return answer; }
};

TEST_F(PamProfilesTest, WhilePackagesAreInstalledItIsToBeTriedLater) {
    Deaf busy;
    busy.answer = {1, "", "debconf: DbDriver \"config\": config.dat is locked by another process\n"};
    const auto before = test::snapshot_of(root_.path());
    EXPECT_EQ(LinuxPasswords(files_, busy).write(lockout_and_history()).error().fault, Fault::busy);
    EXPECT_EQ(changed_since(before), "");
}

TEST_F(PamProfilesTest, AToolThatDoesNothingIsNotBelieved) {
    Deaf deaf;
    LinuxPasswords passwords(files_, deaf);
    const auto before = test::snapshot_of(root_.path());
    const auto written = passwords.write(lockout_and_history());
    ASSERT_FALSE(written);
    EXPECT_EQ(changed_since(before), "");
}

}  // namespace
}  // namespace steward::platform

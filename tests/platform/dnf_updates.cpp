// Update rules where dnf is, with the real dnf in a private root and the real dnf-automatic reading what we wrote.
#include "platform/linux/dnf_updates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/text.h"
#include "platform/linux/update_deadline.h"
#include "platform/linux/updates.h"
#include "tests/platform/dnf_root.h"
#include "tests/support/snapshot.h"

namespace steward::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

constexpr const char* automatic_path = "/etc/dnf/automatic.conf";

struct NoPower final : Power {
    Outcome plan_restart(Instant, const std::string&) override { return {}; }
    Result<std::optional<Instant>> planned_restart() override { return std::optional<Instant>(); }
};

class DnfUpdatesTest : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!test::DnfRoot::possible()) GTEST_SKIP() << "dnf, rpmbuild or createrepo_c is not on this machine";
        device_.emplace(root_);
        clock_.time = std::chrono::sys_days(2026y / 11 / 24) + 9h;
    }
    UpdateRules effective() {
        auto rules = updates_.read();
        EXPECT_TRUE(rules) << rules.error().what << rules.error().evidence;
        return rules ? *rules : UpdateRules();
    }
    void write(const UpdateRules& rules) {
        const auto written = updates_.write(rules);
        ASSERT_TRUE(written) << written.error().what << written.error().evidence;
    }
    // What the real dnf-automatic makes of an expression over its configuration.
    std::string said(const std::string& expression) {
        Command command;
        command.arguments = {"/usr/bin/python3", "-c",
                             "import sys; from dnf.automatic.main import AutomaticConfig as C; import dnf; "
                             "c = C(sys.argv[1]); b = dnf.conf.Conf(); c.update_baseconf(b); print(" +
                                 expression + ")",
                             root_.below(automatic_path).string()};
        const auto ended = processes_.run(command);
        EXPECT_TRUE(ended);
        EXPECT_EQ(ended->code, 0) << ended->errors;
        return std::string(trim(ended->output));
    }

    steward::test::TemporaryDirectory root_;
    std::optional<test::DnfRoot> device_;
    FixedClock clock_;
    Files files_{root_.path()};
    LinuxProcesses processes_;
    Units units_{files_, processes_, false};
    LinuxUpdates updates_{files_, processes_, units_, clock_};
};

UpdateRules mode(AutoUpdate automatic) {
    UpdateRules rules;
    rules.automatic = static_cast<int>(automatic);
    return rules;
}

TEST_F(DnfUpdatesTest, AStockFedoraLooksAndInstallsNothing) {
    const auto rules = effective();
    EXPECT_EQ(rules.automatic, static_cast<int>(AutoUpdate::notify));
    EXPECT_EQ(rules.hour, 6);
    EXPECT_EQ(rules.paused, false);
    EXPECT_EQ(rules.exclude_drivers, false);
    EXPECT_EQ(rules.allow_metered, true);
    root_.write("/etc/systemd/system/timers.target.wants/dnf-automatic-install.timer", "");
    EXPECT_EQ(effective().automatic, static_cast<int>(AutoUpdate::install)) << "whatever automatic.conf says";
}

TEST_F(DnfUpdatesTest, EveryModeIsReadBackAsItself) {
    for (int number = 0; number <= static_cast<int>(AutoUpdate::off); ++number) {
        const auto wanted = static_cast<AutoUpdate>(number);
        write(mode(wanted));
        EXPECT_EQ(effective().automatic, number);
        EXPECT_EQ(said("c.commands.apply_updates"), installs(wanted) ? "True" : "False") << number;
        EXPECT_EQ(root_.has("/etc/systemd/system/steward-updates.timer"), restarts(wanted)) << number;
    }
    EXPECT_THAT(root_.read("/etc/systemd/system/dnf-makecache.timer.d/50-steward.conf"), HasSubstr("PathExists=!/\n"));
}

TEST_F(DnfUpdatesTest, WhatIsWrittenCountsOnlyWhileItIsObeyed) {
    write(mode(AutoUpdate::scheduled));
    std::filesystem::remove(root_.below("/etc/systemd/system/steward-updates.timer"));
    EXPECT_EQ(effective().automatic, static_cast<int>(AutoUpdate::install)) << "nobody restarts the device";
    write(mode(AutoUpdate::scheduled));
    root_.write(automatic_path, root_.read(automatic_path) + "[commands]\nreboot = when-needed\n");
    EXPECT_EQ(effective().automatic, static_cast<int>(AutoUpdate::install_and_restart_at_once));
    root_.write(automatic_path, "[commands]\napply_updates = no\n");
    EXPECT_EQ(effective().automatic, static_cast<int>(AutoUpdate::notify));
}

TEST_F(DnfUpdatesTest, GivingBackRestoresTheDevice) {
    const auto before = steward::test::snapshot_of(root_.below("/etc").string());
    UpdateRules rules = mode(AutoUpdate::scheduled);
    rules.day = 1;
    rules.hour = 4;
    rules.active_start = 8;
    rules.active_end = 18;
    rules.active_longest = 12;
    rules.detection_hours = 4;
    rules.exclude_drivers = true;
    rules.allow_metered = true;
    rules.deadline_days = 3;
    rules.grace_days = 2;
    rules.no_early_restart = true;
    rules.defer_days = 7;
    rules.approval_required = true;
    write(rules);
    const auto now = effective();
    EXPECT_EQ(now.automatic, rules.automatic);
    EXPECT_EQ(now.day, 1);
    EXPECT_EQ(now.hour, 4);
    EXPECT_EQ(now.active_start, 8);
    EXPECT_EQ(now.active_end, 18);
    EXPECT_EQ(now.active_longest, 12);
    EXPECT_EQ(now.detection_hours, 4);
    EXPECT_EQ(now.exclude_drivers, true);
    EXPECT_EQ(now.deadline_days, 3);
    EXPECT_EQ(now.grace_days, 2);
    EXPECT_EQ(now.no_early_restart, true);
    EXPECT_EQ(now.defer_days, 7);
    EXPECT_EQ(now.approval_required, true);
    EXPECT_THAT(root_.read("/etc/systemd/system/dnf-makecache.timer.d/50-steward.conf"),
                HasSubstr("[Timer]\nOnCalendar=\nOnCalendar=*-*-* 00/4:00\nRandomizedDelaySec=10m\n"))
        << "for systemd the empty one takes back OnBootSec=, too, and one that comes later would take back ours";
    EXPECT_THAT(said("list(b.excludepkgs)"), HasSubstr("linux-firmware*"));
    EXPECT_THAT(root_.read("/etc/systemd/system/dnf-automatic.service.d/50-steward.conf"),
                HasSubstr("ExecStartPre=/usr/bin/steward updates --hold\n"));
    EXPECT_THAT(root_.read("/etc/dnf/dnf.conf"),
                HasSubstr("excludepkgs = never-installed, alpha-1.1-1, beta-2.1-1, beta-2.2-1, linux-firmware-2-1\n"))
        << "the versions before the latest, too";
    write({});
    EXPECT_EQ(steward::test::snapshot_of(root_.below("/etc").string()), before);
    EXPECT_FALSE(root_.has("/var/lib/steward/updates-seen"));
}

TEST_F(DnfUpdatesTest, APauseEndsByItself) {
    UpdateRules rules = mode(AutoUpdate::install);
    rules.paused = true;
    write(rules);
    EXPECT_EQ(effective().paused, true);
    EXPECT_EQ(effective().paused_since, "2026-11-24");
    EXPECT_EQ(effective().automatic, static_cast<int>(AutoUpdate::install));
    EXPECT_EQ(said("c.commands.apply_updates"), "False");
    clock_.time += 24h * 36;
    EXPECT_EQ(effective().paused, std::nullopt) << "its days are over, and it is still there";
    write(rules);
    EXPECT_EQ(said("c.commands.apply_updates"), "True");
}

TEST_F(DnfUpdatesTest, OnlyWhatIsApprovedIsTaken) {
    UpdateRules rules;
    rules.approval_required = true;
    write(rules);
    PackageManagers packages(files_, processes_);
    UpdateHolds holds(files_, packages, clock_);
    LinuxApprovals approvals(files_, packages, holds, clock_);
    EXPECT_EQ(holds.installable()->at("alpha_1.1-1").reason, "It waits for approval.");
    ASSERT_TRUE(approvals.write("alpha_1.1-1", {}));
    device_->dnf({"upgrade"});
    EXPECT_THAT(DnfPackages(files_, processes_).installed()->begin()->first, "alpha_1.1-1");
    EXPECT_EQ(DnfPackages(files_, processes_).installed()->size(), 1U) << "nothing without a yes";
    NoPower power;
    LinuxUpdateDeadline deadline(files_, processes_, updates_, power, clock_);
    ASSERT_TRUE(deadline.hold());
    EXPECT_EQ(effective().approval_required, true);
    EXPECT_THAT(*packages.needed().operator*()->kept_back(),
                ElementsAre("beta_2.1-1", "beta_2.2-1", "linux-firmware_2-1"));
}

// The real programs, but for a plugin that is not there.
struct WithoutPlugin final : Processes {
    LinuxProcesses real;
    Result<Ended> run(const Command& command) override {
        const auto& words = command.arguments;
        if (std::find(words.begin(), words.end(), "needs-restarting") == words.end()) return real.run(command);
        return Ended{1, "", "No such command: needs-restarting. Please use /usr/bin/dnf --help\n"};
    }
};

TEST_F(DnfUpdatesTest, WhereNothingTellsOfRestartsOnlyTheRulesThatNeedThemAreRefused) {
    WithoutPlugin processes;
    LinuxUpdates updates(files_, processes, units_, clock_);
    for (auto rules : {mode(AutoUpdate::install_and_restart), UpdateRules()}) {
        if (!rules.automatic) rules.deadline_days = 3;
        const auto written = updates.write(rules);
        ASSERT_FALSE(written);
        EXPECT_EQ(written.error().fault, Fault::unsupported);
        EXPECT_THAT(written.error().what, HasSubstr("dnf-plugins-core"));
    }
    auto rules = mode(AutoUpdate::install);
    rules.defer_days = 7;
    const auto written = updates.write(rules);
    ASSERT_TRUE(written) << written.error().what << written.error().evidence;
    NoPower power;
    LinuxUpdateDeadline deadline(files_, processes, updates, power, clock_);
    EXPECT_TRUE(deadline.hold()) << "or nothing would ever be installed";
    ASSERT_TRUE(deadline.standing());
    EXPECT_EQ(deadline.standing()->pending.size(), 4U);
}

TEST_F(DnfUpdatesTest, WhatCannotBeIsRefused) {
    UpdateRules rules;
    rules.allow_metered = false;
    EXPECT_EQ(updates_.write(rules).error().fault, Fault::unsupported);
    rules = mode(AutoUpdate::scheduled);
    rules.hour = 12;
    rules.active_start = 8;
    rules.active_end = 18;
    EXPECT_EQ(updates_.write(rules).error().fault, Fault::invalid);
    std::filesystem::remove(root_.below("/usr/bin/dnf-automatic"));
    EXPECT_THAT(updates_.write(mode(AutoUpdate::install)).error().what, HasSubstr("dnf-automatic"));
    EXPECT_EQ(effective().automatic, static_cast<int>(AutoUpdate::notify));
}

}  // namespace
}  // namespace steward::platform

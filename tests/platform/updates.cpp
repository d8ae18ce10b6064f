// Update rules by way of the real apt-config, in a private root.
#include "platform/linux/updates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/linux/calendar.h"
#include "platform/linux/processes.h"
#include "tests/support/debian_root.h"
#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

class UpdatesTest : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists("/usr/bin/apt-config")) GTEST_SKIP() << "apt is not on this machine";
        test::make_debian_root(root_.path());
        root_.write("/usr/bin/apt-config", "");
        root_.write("/usr/bin/unattended-upgrade", "");
        root_.write("/etc/apt/root.conf", "Dir \"" + root_.path() + "\";\n");
        root_.write("/etc/apt/apt.conf.d/20auto-upgrades",
                    "APT::Periodic::Update-Package-Lists \"1\";\nAPT::Periodic::Unattended-Upgrade \"1\";\n");
        root_.write("/etc/apt/apt.conf.d/50unattended-upgrades",
                    "// as shipped\nUnattended-Upgrade::Package-Blacklist {\n  \"local-\";\n};\n");
        root_.write("/usr/lib/systemd/system/apt-daily-upgrade.timer",
                    "[Timer]\nOnCalendar=*-*-* 6:00\nRandomizedDelaySec=60m\nPersistent=true\n");
        root_.write("/usr/lib/systemd/system/apt-daily.timer",
                    "[Timer]\nOnCalendar=*-*-* 6,18:00\nRandomizedDelaySec=12h\n");
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

    test::TemporaryDirectory root_;
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

TEST_F(UpdatesTest, AStockDebianSaysWhatItDoes) {
    const auto rules = effective();
    EXPECT_EQ(rules.automatic, static_cast<int>(AutoUpdate::install));
    EXPECT_EQ(rules.day, 0);
    EXPECT_EQ(rules.hour, 6);
    EXPECT_EQ(rules.every_week, true);
    EXPECT_EQ(rules.detection_hours, std::nullopt) << "twice a day at fixed hours has no number here";
    EXPECT_EQ(rules.exclude_drivers, false);
    EXPECT_EQ(rules.allow_metered, false);
    EXPECT_EQ(rules.paused, false);
    EXPECT_EQ(rules.active_start, std::nullopt);
}

TEST_F(UpdatesTest, EveryModeIsReadBackAsItself) {
    for (int automatic = 0; automatic <= 5; ++automatic) {
        UpdateRules rules;
        rules.automatic = automatic;
        write(rules);
        EXPECT_EQ(effective().automatic, automatic);
        rules.active_start = 8;
        rules.active_end = 17;
        rules.hour = 17;
        write(rules);
        EXPECT_EQ(effective().automatic, automatic);
        EXPECT_EQ(effective().active_start, 8);
        EXPECT_EQ(effective().active_end, 17);
        EXPECT_EQ(effective().hour, 17);
    }
}

TEST_F(UpdatesTest, GivingBackRestoresTheDevice) {
    const auto before = test::snapshot_of(root_.path());
    const auto pristine = effective();
    auto rules = mode(AutoUpdate::scheduled);
    rules.day = 3;
    rules.hour = 2;
    rules.second_week = true;
    rules.detection_hours = 4;
    rules.exclude_drivers = true;
    rules.allow_metered = true;
    rules.active_start = 22;
    rules.active_end = 1;
    rules.active_longest = 10;
    write(rules);
    const auto now = effective();
    EXPECT_EQ(now.day, 3);
    EXPECT_EQ(now.hour, 2);
    EXPECT_EQ(now.every_week, false);
    EXPECT_EQ(now.second_week, true);
    EXPECT_EQ(now.first_week, false);
    EXPECT_EQ(now.detection_hours, 4);
    EXPECT_EQ(now.exclude_drivers, true);
    EXPECT_EQ(now.allow_metered, true);
    EXPECT_EQ(now.active_start, 22);
    EXPECT_EQ(now.active_longest, 10);
    const auto touched = test::change_times_of(root_.path());
    write(rules);
    EXPECT_EQ(test::change_times_of(root_.path()), touched) << "a second write touches nothing";
    write({});
    EXPECT_EQ(test::snapshot_of(root_.path()), before);
    EXPECT_EQ(effective(), pristine);
}

TEST_F(UpdatesTest, TheScheduleIsOfSystemd) {
    auto rules = mode(AutoUpdate::scheduled);
    rules.day = 1;
    rules.hour = 4;
    rules.first_week = rules.third_week = true;
    rules.every_week = false;
    write(rules);
    EXPECT_THAT(root_.read("/etc/systemd/system/apt-daily-upgrade.timer.d/50-steward.conf"),
                HasSubstr("OnCalendar=\nOnCalendar=Sun *-*-01..07 04:00\nOnCalendar=Sun *-*-15..21 04:00\n"));
    const auto apt = root_.read("/etc/apt/apt.conf.d/52steward");
    EXPECT_THAT(apt, HasSubstr("Automatic-Reboot \"false\"")) << "at that hour it is Steward that restarts the device";
    EXPECT_THAT(apt, HasSubstr("Unattended-Upgrade \"always\"")) << "or a stamp of yesterday would skip today";
}

TEST_F(UpdatesTest, SomebodyElsesLaterFileIsWhatIsInForce) {
    write(mode(AutoUpdate::install_and_restart));
    root_.write("/etc/apt/apt.conf.d/90local", "APT::Periodic::Unattended-Upgrade \"0\";\n");
    EXPECT_EQ(effective().automatic, static_cast<int>(AutoUpdate::notify));
    root_.write("/etc/apt/apt.conf.d/90local", "Unattended-Upgrade::Automatic-Reboot \"true\";\n");
    auto rules = mode(AutoUpdate::scheduled);
    rules.active_start = 8;
    rules.active_end = 17;
    write(rules);
    EXPECT_EQ(effective().automatic, static_cast<int>(AutoUpdate::install_and_restart_at_once));
    EXPECT_EQ(effective().active_start, std::nullopt) << "it would restart at noon";
    root_.write(
        "/etc/apt/apt.conf.d/90local",
        "Unattended-Upgrade::Automatic-Reboot \"true\";\nUnattended-Upgrade::Automatic-Reboot-WithUsers \"false\";\n");
    EXPECT_EQ(effective().automatic, static_cast<int>(AutoUpdate::install_and_restart));
}

TEST_F(UpdatesTest, AModeWithARestartCountsWhileStewardLooksEveryHour) {
    const auto before = test::snapshot_of(root_.path());
    write(mode(AutoUpdate::install_and_restart));
    EXPECT_EQ(effective().automatic, static_cast<int>(AutoUpdate::install_and_restart));
    root_.write("/etc/systemd/system/steward-updates.timer.d/local.conf", "[Timer]\nOnCalendar=\nOnCalendar=yearly\n");
    EXPECT_EQ(effective().automatic, static_cast<int>(AutoUpdate::install));
    std::filesystem::remove_all(root_.below("/etc/systemd/system/steward-updates.timer.d"));
    write(mode(AutoUpdate::install));
    EXPECT_FALSE(root_.has("/etc/systemd/system/steward-updates.timer"));
    write({});
    EXPECT_EQ(test::snapshot_of(root_.path()), before);
}

TEST_F(UpdatesTest, APauseEndsByItselfAndInstallingGoesOn) {
    auto rules = mode(AutoUpdate::install);
    rules.paused = true;
    write(rules);
    EXPECT_THAT(root_.read("/etc/apt/apt.conf.d/52steward"), HasSubstr("Unattended-Upgrade \"0\""));
    EXPECT_EQ(effective().paused, true);
    EXPECT_EQ(effective().paused_since, "2026-11-24");
    EXPECT_EQ(effective().automatic, static_cast<int>(AutoUpdate::install));
    clock_.time += 24h * 34;
    write(rules);
    EXPECT_EQ(effective().paused_since, "2026-11-24") << "it counts from the first day";
    clock_.time += 24h;
    EXPECT_EQ(effective().paused, std::nullopt) << "35 days are over and nothing is installed yet: not as it should be";
    write(rules);
    EXPECT_EQ(effective().paused, true);
    EXPECT_THAT(root_.read("/etc/apt/apt.conf.d/52steward"), HasSubstr("Unattended-Upgrade \"1\""));
}

TEST_F(UpdatesTest, APauseCanBeginLaterOrLieInThePast) {
    auto rules = mode(AutoUpdate::install);
    rules.paused = true;
    for (const auto* day : {"2026-12-24", "2026-01-01"}) {
        rules.paused_since = day;
        write(rules);
        EXPECT_THAT(root_.read("/etc/apt/apt.conf.d/52steward"), HasSubstr("Unattended-Upgrade \"1\"")) << day;
        EXPECT_EQ(effective().paused_since, day);
    }
}

TEST_F(UpdatesTest, ADeadlineIsKeptByATimerAndCountsOnlyWhileItRuns) {
    const auto before = test::snapshot_of(root_.path());
    auto rules = mode(AutoUpdate::install_and_restart);
    rules.deadline_days = 3;
    rules.grace_days = 1;
    rules.no_early_restart = true;
    write(rules);
    EXPECT_EQ(effective().deadline_days, 3);
    EXPECT_EQ(effective().grace_days, 1);
    EXPECT_EQ(effective().no_early_restart, true);
    EXPECT_EQ(effective().automatic, static_cast<int>(AutoUpdate::install_and_restart));
    EXPECT_THAT(root_.read("/etc/apt/apt.conf.d/52steward"), HasSubstr("Automatic-Reboot \"false\""));
    root_.write("/etc/apt/apt.conf.d/90local", "Unattended-Upgrade::Automatic-Reboot \"true\";\n");
    EXPECT_EQ(effective().no_early_restart, std::nullopt) << "somebody else restarts it early";
    std::filesystem::remove(root_.below("/etc/apt/apt.conf.d/90local"));
    root_.write("/etc/systemd/system/steward-updates.timer.d/local.conf", "[Timer]\nOnCalendar=\nOnCalendar=yearly\n");
    EXPECT_EQ(effective().deadline_days, std::nullopt) << "nobody looks every hour";
    std::filesystem::remove_all(root_.below("/etc/systemd/system/steward-updates.timer.d"));
    write({});
    EXPECT_EQ(test::snapshot_of(root_.path()), before);
}

TEST_F(UpdatesTest, DaysOfGraceMayComeBeforeTheDeadline) {
    UpdateRules rules;
    rules.grace_days = 2;
    rules.no_early_restart = false;
    write(rules);
    EXPECT_EQ(effective().grace_days, 2);
    EXPECT_EQ(effective().no_early_restart, false);
    EXPECT_EQ(effective().deadline_days, std::nullopt);
}

TEST_F(UpdatesTest, WhatCannotBeIsRefused) {
    auto long_day = mode(AutoUpdate::install_and_restart);
    long_day.active_start = 1;
    long_day.active_end = 23;
    EXPECT_EQ(updates_.write(long_day).error().fault, Fault::invalid);
    auto noon = mode(AutoUpdate::scheduled);
    noon.active_start = 8;
    noon.active_end = 17;
    noon.hour = 12;
    const auto refused = updates_.write(noon);
    EXPECT_EQ(refused.error().fault, Fault::invalid);
    EXPECT_THAT(refused.error().what, HasSubstr("12:00"));
    EXPECT_FALSE(root_.has("/etc/apt/apt.conf.d/52steward"));
}

TEST_F(UpdatesTest, WithoutTheInstallerNothingIsClaimed) {
    std::filesystem::remove(root_.below("/usr/bin/unattended-upgrade"));
    EXPECT_EQ(effective().automatic, static_cast<int>(AutoUpdate::notify));
    const auto refused = updates_.write(mode(AutoUpdate::install));
    EXPECT_EQ(refused.error().fault, Fault::unsupported);
    EXPECT_THAT(refused.error().what, HasSubstr("unattended-upgrades"));
    write(mode(AutoUpdate::off));
    EXPECT_EQ(effective().automatic, static_cast<int>(AutoUpdate::off));
    std::filesystem::remove(root_.below("/usr/bin/apt-config"));
    EXPECT_EQ(updates_.write(mode(AutoUpdate::off)).error().fault, Fault::unsupported);
    EXPECT_EQ(effective(), UpdateRules());
}

TEST(Calendar, WhatIsWrittenIsReadBack) {
    for (int day = 0; day <= 7; ++day) {
        for (int weeks = 0; weeks < 16; ++weeks) {
            InstallTimes times;
            times.day = day;
            times.hour = (day * 5 + weeks) % 24;
            times.every_week = weeks == 0;
            for (int i = 0; i < 4; ++i) times.weeks[i] = (weeks >> i & 1) != 0;
            EXPECT_EQ(times_of(calendar_of(times)), times) << day << " " << weeks;
        }
    }
    EXPECT_EQ(times_of({"*-*-* 6,18:00"}), std::nullopt);
    EXPECT_EQ(times_of({"weekly"}), std::nullopt);
    EXPECT_EQ(times_of({}), std::nullopt);
    EXPECT_EQ(times_of({"Sun *-*-* 03:00:00"})->day, 1);
}

}  // namespace
}  // namespace steward::platform

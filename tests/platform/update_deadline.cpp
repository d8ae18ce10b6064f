// The deadline of updates, with an apt that plays what could be installed and a logind that plans.
#include "platform/linux/update_deadline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

struct PlayedApt final : Processes {
    Result<Ended> run(const Command& command) override {
        if (command.arguments[0] == "/usr/bin/unattended-upgrade") {
            ++installs;
            if (code == 0) waiting = left_over;
            if (after_install) after_install();
            return Ended{code, "", code == 0 ? "" : "dpkg was interrupted\n"};
        }
        return Ended{0, waiting, ""};
    }
    std::string waiting, left_over;
    std::function<void()> after_install;
    int installs = 0, code = 0;
};

struct PlayedRules final : Record<UpdateRules> {
    UpdateRules rules;
    Result<UpdateRules> read() override { return rules; }
    Outcome write(const UpdateRules&) override { return {}; }
};

struct PlayedPower final : Power {
    std::optional<Instant> planned;
    std::string sentence;
    int orders = 0;
    Outcome plan_restart(Instant when, const std::string& words) override {
        planned = when;
        sentence = words;
        ++orders;
        return {};
    }
    Result<std::optional<Instant>> planned_restart() override { return planned; }
};

constexpr const char* alpha = "Inst alpha [1.0] (1.1 Debian-Security:12/stable-security [all])\n";
constexpr const char* beta = "Inst beta [2.0] (2.1 Debian:12.11/stable [all])\n";

class DeadlineTest : public ::testing::Test {
  protected:
    DeadlineTest() {
        root_.write("/usr/bin/apt-config", "");
        clock_.time = std::chrono::sys_days(2026y / 11 / 20) + 9h;
        rules_.rules.automatic = static_cast<int>(AutoUpdate::install);
        rules_.rules.deadline_days = 3;
        rules_.rules.grace_days = 2;
        apt_.waiting = alpha;
    }
    std::vector<std::string> enforce() {
        auto done = deadline_.enforce();
        EXPECT_TRUE(done) << done.error().what << done.error().evidence;
        return done ? *done : std::vector<std::string>();
    }
    // A restart is wanted since then.
    void want_restart(Instant since) {
        root_.write("/run/reboot-required", "");
        const auto path = std::filesystem::path(root_.below("/run/reboot-required"));
        const auto age = clock_.time - since;
        std::filesystem::last_write_time(
            path, std::filesystem::file_time_type::clock::now() - (SystemClock().now() - clock_.time) - age);
    }

    test::TemporaryDirectory root_;
    FixedClock clock_;
    Files files_{root_.path()};
    PlayedApt apt_;
    PlayedRules rules_;
    PlayedPower power_;
    LinuxUpdateDeadline deadline_{files_, apt_, rules_, power_, clock_};
};

TEST_F(DeadlineTest, AnUpdateIsInstalledWhenItsDaysAreOverAndNotBefore) {
    const auto first = clock_.time;
    enforce();
    clock_.time += 71h;
    apt_.waiting = std::string(alpha) + beta;
    enforce();
    EXPECT_EQ(apt_.installs, 0);
    const auto standing = deadline_.standing();
    ASSERT_TRUE(standing);
    ASSERT_EQ(standing->pending.size(), 2U);
    EXPECT_EQ(standing->pending[0].update, "alpha_1.1");
    EXPECT_EQ(standing->pending[0].seen, first);
    EXPECT_EQ(standing->pending[0].due, first + 72h);
    EXPECT_EQ(standing->pending[1].due, first + 71h + 72h) << "each counts from its own day";
    clock_.time += 1h;
    enforce();
    EXPECT_EQ(apt_.installs, 1);
    EXPECT_TRUE(deadline_.standing()->pending.empty());
    EXPECT_EQ(power_.orders, 0) << "nobody wants a restart";
}

TEST_F(DeadlineTest, TheRestartWaitsForTheGraceAndIsToldADayAhead) {
    enforce();
    clock_.time += 72h;
    const auto installed = clock_.time;
    apt_.after_install = [&] { want_restart(installed); };
    enforce();
    EXPECT_EQ(power_.orders, 0) << "two days of grace";
    EXPECT_EQ(deadline_.standing()->restart_due, installed + 48h);
    clock_.time += 24h;
    enforce();
    EXPECT_EQ(power_.planned, installed + 48h);
    EXPECT_THAT(power_.sentence, HasSubstr("save your work"));
    clock_.time += 1h;
    enforce();
    EXPECT_EQ(power_.orders, 1) << "planned once";
}

TEST_F(DeadlineTest, WhatWasInstalledEarlyWaitsForItsDeadline) {
    const auto first = clock_.time;
    rules_.rules.grace_days = 0;
    enforce();
    clock_.time += 1h;
    apt_.waiting = "";
    want_restart(clock_.time);
    enforce();
    EXPECT_EQ(deadline_.standing()->restart_due, first + 72h);
    clock_.time = first + 100h;
    enforce();
    EXPECT_EQ(power_.planned, clock_.time + 15min) << "overdue: after a last word";
    std::filesystem::remove(root_.below("/run/reboot-required"));
    enforce();
    EXPECT_FALSE(root_.has("/var/lib/steward/updates-seen")) << "nothing is left to remember";
}

TEST_F(DeadlineTest, ZeroDaysMeansNow) {
    rules_.rules.deadline_days = rules_.rules.grace_days = 0;
    apt_.after_install = [&] { want_restart(clock_.time); };
    const auto done = enforce();
    EXPECT_EQ(apt_.installs, 1);
    EXPECT_EQ(power_.planned, clock_.time + 15min);
    EXPECT_EQ(done.size(), 2U);
}

TEST_F(DeadlineTest, APauseOrUpdatesThatAreOffComeFirst) {
    rules_.rules.deadline_days = 0;
    rules_.rules.paused = true;
    enforce();
    rules_.rules.paused = false;
    rules_.rules.automatic = static_cast<int>(AutoUpdate::off);
    enforce();
    EXPECT_EQ(apt_.installs, 0);
}

TEST_F(DeadlineTest, WhatCannotBeInstalledIsSaidAndTheRestartIsPlannedAllTheSame) {
    rules_.rules.deadline_days = rules_.rules.grace_days = 0;
    want_restart(clock_.time);
    apt_.code = 1;
    const auto done = deadline_.enforce();
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().evidence, HasSubstr("dpkg was interrupted"));
    EXPECT_TRUE(power_.planned);
}

TEST_F(DeadlineTest, AnEarlierRestartOfSomebodyElseStays) {
    rules_.rules.deadline_days = rules_.rules.grace_days = 0;
    power_.planned = clock_.time + 5min;
    want_restart(clock_.time);
    enforce();
    EXPECT_EQ(power_.orders, 0);
}

// dnf restarts nothing by itself.
struct PlayedDnf final : Processes {
    Result<Ended> run(const Command& command) override {
        const auto& words = command.arguments;
        if (words[0] == "/usr/bin/rpm") return Ended{0, "kernel\t0:6.1-1\t1700000000\n", ""};
        const bool asked = std::find(words.begin(), words.end(), "needs-restarting") != words.end();
        if (asked && wanted) return Ended{1, "Core libraries have been updated since boot-up:\n  * kernel\n", ""};
        return Ended{0, "", ""};
    }
    bool wanted = true;
};

class EarlyRestartTest : public ::testing::Test {
  protected:
    EarlyRestartTest() {
        ::setenv("TZ", "Europe/Berlin", 1);
        ::tzset();
        root_.write("/usr/bin/dnf", "");
        clock_.time = std::chrono::sys_days(2026y / 11 / 20) + 9h;  // 10:00 on the wall
        rules_.rules.active_start = 8;
        rules_.rules.active_end = 18;
    }
    ~EarlyRestartTest() override {
        ::unsetenv("TZ");
        ::tzset();
    }
    std::optional<Instant> planned_by(AutoUpdate mode) {
        rules_.rules.automatic = static_cast<int>(mode);
        power_ = {};
        const auto done = deadline_.enforce();
        EXPECT_TRUE(done) << done.error().what << done.error().evidence;
        return power_.planned;
    }

    test::TemporaryDirectory root_;
    FixedClock clock_;
    Files files_{root_.path()};
    PlayedDnf dnf_;
    PlayedRules rules_;
    PlayedPower power_;
    LinuxUpdateDeadline deadline_{files_, dnf_, rules_, power_, clock_};
};

TEST_F(EarlyRestartTest, TheModeSaysWhether) {
    EXPECT_EQ(planned_by(AutoUpdate::install), std::nullopt);
    EXPECT_EQ(planned_by(AutoUpdate::notify), std::nullopt);
    EXPECT_EQ(planned_by(AutoUpdate::off), std::nullopt);
    EXPECT_NE(planned_by(AutoUpdate::install_and_restart), std::nullopt);
    dnf_.wanted = false;
    EXPECT_EQ(planned_by(AutoUpdate::install_and_restart), std::nullopt) << "nothing wants it";
}

TEST_F(EarlyRestartTest, NeverInTheActiveHours) {
    const auto end = std::chrono::sys_days(2026y / 11 / 20) + 17h;
    EXPECT_EQ(planned_by(AutoUpdate::install_and_restart_at_once), end);
    clock_.time = std::chrono::sys_days(2026y / 11 / 20) + 20h;
    EXPECT_EQ(planned_by(AutoUpdate::install_and_restart_at_once), clock_.time + 15min);
    rules_.rules.active_end.reset();
    EXPECT_EQ(planned_by(AutoUpdate::install_and_restart_at_once), clock_.time + 15min) << "half a window is none";
}

TEST_F(EarlyRestartTest, AtTheHourOfTheSchedule) {
    rules_.rules.hour = 4;
    EXPECT_EQ(planned_by(AutoUpdate::scheduled), std::chrono::sys_days(2026y / 11 / 21) + 3h);
    rules_.rules.hour = 22;
    EXPECT_EQ(planned_by(AutoUpdate::scheduled), std::chrono::sys_days(2026y / 11 / 20) + 21h);
}

TEST_F(EarlyRestartTest, NotWhileSomebodyIsSignedInUnlessTheDeadlineIsOver) {
    clock_.time = std::chrono::sys_days(2026y / 11 / 20) + 20h;
    root_.write("/run/systemd/sessions/1", "USER=anna\nCLASS=user\nSTATE=active\n");
    EXPECT_EQ(planned_by(AutoUpdate::install_and_restart), std::nullopt);
    EXPECT_NE(planned_by(AutoUpdate::install_and_restart_at_once), std::nullopt);
    rules_.rules.deadline_days = 3;
    EXPECT_EQ(planned_by(AutoUpdate::install_and_restart), clock_.time + 15min) << "installed years ago";
    rules_.rules.deadline_days = 36'500;
    rules_.rules.no_early_restart = true;
    EXPECT_EQ(planned_by(AutoUpdate::install_and_restart_at_once), std::nullopt) << "it waits for its deadline";
}

TEST_F(EarlyRestartTest, NotWhileAProgramHoldsItUpUnlessTheDeadlineIsOver) {
    clock_.time = std::chrono::sys_days(2026y / 11 / 20) + 20h;
    root_.write("/run/systemd/inhibit/1", "WHAT=shutdown:sleep\nMODE=delay\nWHO=NetworkManager\n");
    root_.write("/run/systemd/inhibit/2", "WHAT=idle\nMODE=block\nWHO=film\n");
    EXPECT_NE(planned_by(AutoUpdate::install_and_restart_at_once), std::nullopt) << "these hold up nothing";
    root_.write("/run/systemd/inhibit/3", "WHAT=idle:shutdown\nMODE=block\nWHO=backup\n");
    EXPECT_EQ(planned_by(AutoUpdate::install_and_restart_at_once), std::nullopt);
    rules_.rules.deadline_days = 3;
    EXPECT_EQ(planned_by(AutoUpdate::install_and_restart_at_once), clock_.time + 15min);
}

TEST_F(DeadlineTest, WithoutADeadlineTheModeAloneRestartsTheDevice) {
    rules_.rules.deadline_days.reset();
    rules_.rules.automatic = static_cast<int>(AutoUpdate::install_and_restart_at_once);
    enforce();
    EXPECT_EQ(power_.orders, 0) << "nobody wants one";
    want_restart(clock_.time);
    enforce();
    EXPECT_EQ(power_.planned, clock_.time + 15min);
    EXPECT_FALSE(root_.has("/var/lib/steward/updates-seen"));
}

TEST_F(DeadlineTest, WithoutADeadlineNobodyCountsAndNothingIsKept) {
    enforce();
    EXPECT_TRUE(root_.has("/var/lib/steward/updates-seen"));
    rules_.rules.deadline_days.reset();
    enforce();
    EXPECT_FALSE(root_.has("/var/lib/steward/updates-seen"));
    EXPECT_EQ(deadline_.standing()->pending.at(0).seen, std::nullopt);
}

TEST_F(DeadlineTest, AClockThatWasSetBackPutsNothingOff) {
    clock_.time += 24h * 300;
    enforce();
    clock_.time -= 24h * 300;
    enforce();
    EXPECT_EQ(deadline_.standing()->pending.at(0).seen, clock_.time);
}

}  // namespace
}  // namespace steward::platform

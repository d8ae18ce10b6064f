#include "platform/linux/power.h"

#include <gtest/gtest.h>

#include "platform/linux/processes.h"
#include "platform/linux/screens.h"
#include "platform/linux/uplink.h"
#include "tests/support/debian_root.h"
#include "tests/support/scripted_bus.h"
#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

const Instant tonight{std::chrono::seconds(1795500000)};

TEST(PowerTest, ARestartIsPlannedByLogindAndSeenThere) {
    test::ScriptedBus bus;
    bus.on("SetWallMessage", BusValues{});
    bus.on("ScheduleShutdown", [&](const BusCall& call) {
        bus.on_property("ScheduledShutdown", BusValue::structure({call.arguments[0], call.arguments[1]}));
        return Result<BusValues>(BusValues{});
    });
    LinuxPower power(bus);
    ASSERT_TRUE(power.plan_restart(tonight, "Soon."));
    EXPECT_EQ(*power.planned_restart(), tonight);
    EXPECT_EQ(bus.calls[0].arguments[0].as_text(), "Soon.");
    EXPECT_EQ(bus.calls[1].arguments[1].as_unsigned(), 1795500000ULL * 1000000);
    bus.on_property("ScheduledShutdown", BusValue::structure({BusValue::text("poweroff"), BusValue::uint64(5)}));
    EXPECT_EQ(*power.planned_restart(), std::nullopt) << "that is no restart";
}

TEST(PowerTest, ALogindThatForgetsIsNotBelieved) {
    test::ScriptedBus bus;
    bus.on("SetWallMessage", BusValues{});
    bus.on("ScheduleShutdown", BusValues{});
    bus.on_property("ScheduledShutdown", BusValue::structure({BusValue::text(""), BusValue::uint64(0)}));
    EXPECT_EQ(LinuxPower(bus).plan_restart(tonight, "Soon.").error().fault, Fault::io);
    for (std::size_t n = 1; n <= 3; ++n) {
        bus.calls.clear();
        bus.fail_at = n;
        EXPECT_FALSE(LinuxPower(bus).plan_restart(tonight, "Soon.")) << n;
    }
    AbsentBus nobody;
    EXPECT_EQ(LinuxPower(nobody).plan_restart(tonight, "Soon.").error().fault, Fault::unsupported);
}

TEST(UplinkTest, CostsMoneyAsNetworkManagerSays) {
    test::ScriptedBus bus;
    for (const auto& [number, metered] :
         {std::pair(0U, std::optional<bool>()), {1U, true}, {2U, false}, {3U, true}, {4U, false}, {9U, std::nullopt}}) {
        bus.on_property("Metered", BusValue::uint32(number));
        EXPECT_EQ(LinuxUplink(bus).read()->metered, metered) << number;
    }
    AbsentBus nobody;
    EXPECT_EQ(LinuxUplink(nobody).read()->metered, std::nullopt);
}

class RestartScheduleTest : public ::testing::Test {
  protected:
    RestartScheduleTest() { test::make_debian_root(root_.path()); }
    test::TemporaryDirectory root_;
    Files files_{root_.path()};
    LinuxProcesses processes_;
    Units units_{files_, processes_, false};
    LinuxRestartSchedule schedule_{files_, units_};
};

TEST_F(RestartScheduleTest, IsATimerThatGoesAgain) {
    const auto before = test::snapshot_of(root_.path());
    RestartSchedule wanted;
    wanted.once = "2026-12-01T03:00:00Z";
    wanted.daily = "2026-03-01T02:30:00";
    wanted.weekly = "2026-11-24T05:00:00";  // a Tuesday
    ASSERT_TRUE(schedule_.write(wanted));
    EXPECT_EQ(*schedule_.read(), wanted);
    const auto timer = root_.read("/etc/systemd/system/steward-restart.timer");
    EXPECT_NE(
        timer.find("OnCalendar=2026-12-01 03:00:00 UTC\nOnCalendar=*-*-* 02:30:00\nOnCalendar=Tue *-*-* 05:00:00\n"),
        std::string::npos)
        << timer;
    EXPECT_TRUE(root_.has("/etc/systemd/system/timers.target.d/50-steward-restart.conf"));
    ASSERT_TRUE(schedule_.write({}));
    EXPECT_EQ(test::snapshot_of(root_.path()), before);
    EXPECT_EQ(*schedule_.read(), RestartSchedule());
}

TEST_F(RestartScheduleTest, WhatNobodyGoesByIsNotInForce) {
    RestartSchedule wanted;
    wanted.daily = "2026-03-01T02:30:00";
    ASSERT_TRUE(schedule_.write(wanted));
    root_.write("/etc/systemd/system/steward-restart.timer.d/90-local.conf", "[Timer]\nOnCalendar=\n");
    EXPECT_EQ(schedule_.read()->daily, std::nullopt);
    ASSERT_FALSE(schedule_.write({"soon", {}, {}}));
    ASSERT_FALSE(schedule_.write({"2026-02-30T00:00:00", {}, {}}));
    ASSERT_FALSE(schedule_.write({"2026-03-01T24:00:00", {}, {}}));
    ASSERT_FALSE(schedule_.write({"2026-03-01T10:00:00\nExecStart=/bin/sh", {}, {}}));
    EXPECT_TRUE(root_.has("/etc/systemd/system/steward-restart.timer")) << "nothing of a refused write happens";
}

// A logind with sessions of these types, of which the named ones lock when they are told to.
class ScreensTest : public ::testing::Test {
  protected:
    void sessions(const std::vector<std::pair<std::string, std::string>>& id_and_type) {
        BusValues list;
        for (const auto& [id, type] : id_and_type) {
            list.push_back(BusValue::structure({BusValue::text(id), BusValue::uint32(1000), BusValue::text("user"),
                                                BusValue::text("seat0"), BusValue::path("/s/" + id)}));
            types_[id] = type;
        }
        bus_.on("ListSessions", BusValues{BusValue::array("(susso)", std::move(list))});
        bus_.on("LockSessions", BusValues{});
        bus_.on("Get", [this](const BusCall& call) {
            const auto id = call.path.substr(3);
            const auto name = call.arguments[1].as_text().value_or("");
            if (name == "Class") return Result<BusValues>({BusValue::variant(BusValue::text("user"))});
            if (name == "Type") return Result<BusValues>({BusValue::variant(BusValue::text(types_[id]))});
            return Result<BusValues>({BusValue::variant(BusValue::boolean(locks_.contains(id)))});
        });
    }
    test::ScriptedBus bus_;
    std::map<std::string, std::string> types_;
    std::set<std::string> locks_;
    LinuxScreens screens_{bus_, std::chrono::milliseconds(150)};
};

TEST_F(ScreensTest, AreLockedWhenEachSaysSo) {
    sessions({{"2", "wayland"}, {"5", "x11"}});
    locks_ = {"2", "5"};
    EXPECT_TRUE(screens_.lock_all());
    sessions({});
    EXPECT_TRUE(screens_.lock_all()) << "nobody is there";
}

TEST_F(ScreensTest, WhatStaysOpenIsNamed) {
    sessions({{"2", "wayland"}, {"3", "tty"}, {"5", "x11"}});
    locks_ = {"2"};
    const auto locked = screens_.lock_all();
    ASSERT_FALSE(locked);
    EXPECT_EQ(locked.error().evidence, "session 3 of user (tty), session 5 of user (x11)");
    AbsentBus nobody;
    EXPECT_EQ(LinuxScreens(nobody).lock_all().error().fault, Fault::unsupported);
}

}  // namespace
}  // namespace steward::platform

// Restarts through the task scheduler.
#include "platform/windows/power.h"

#include <gtest/gtest.h>

#include "tests/windows/scripted_tasks.h"

namespace steward::platform {
namespace {

using namespace std::chrono_literals;

class WindowsPowerTest : public ::testing::Test {
  protected:
    WindowsPowerTest() { clock_.time = std::chrono::sys_days(2026y / 11 / 24) + 9h; }
    FixedClock clock_;
    test::ScriptedTasks tasks_;
    WindowsPower power_{tasks_, clock_};
    WindowsRestartSchedule schedule_{tasks_};
};

TEST_F(WindowsPowerTest, ARestartIsPlannedAndReadBack) {
    EXPECT_EQ(*power_.planned_restart(), std::nullopt);
    for (const auto ahead : {2h, 1h}) {
        ASSERT_TRUE(power_.plan_restart(clock_.time + ahead, "Update \"now\" & save\\"));
        EXPECT_EQ(*power_.planned_restart(), clock_.time + ahead);
    }
    EXPECT_EQ(tasks_.documents.size(), 1U) << "the later one replaces the earlier";
    const auto& document = tasks_.documents.begin()->second;
    EXPECT_NE(document.find("<StartBoundary>2026-11-24T09:55:00Z</StartBoundary>"), std::string::npos) << document;
    EXPECT_NE(document.find("/t 300"), std::string::npos);
    EXPECT_NE(document.find("Update 'now' &amp; save/"), std::string::npos) << document;
    clock_.time += 3h;
    EXPECT_EQ(*power_.planned_restart(), std::nullopt) << "it was";
}

TEST_F(WindowsPowerTest, ARestartThatIsDueComesAtOnce) {
    ASSERT_TRUE(power_.plan_restart(clock_.time, "Now"));
    EXPECT_EQ(*power_.planned_restart(), clock_.time + 5s);
    ASSERT_TRUE(power_.plan_restart(clock_.time + 60s, "Soon"));
    EXPECT_EQ(*power_.planned_restart(), clock_.time + 60s);
}

TEST_F(WindowsPowerTest, WhatTheSchedulerDoesNotKeepIsNoPlan) {
    tasks_.forgets = true;
    EXPECT_EQ(power_.plan_restart(clock_.time + 1h, "x").error().fault, Fault::io);
    tasks_.forgets = false;
    ASSERT_TRUE(power_.plan_restart(clock_.time + 1h, "x"));
    auto& document = tasks_.documents.begin()->second;
    document.replace(document.rfind("<Enabled>true"), 13, "<Enabled>false");
    EXPECT_EQ(*power_.planned_restart(), std::nullopt) << "somebody has switched it off";
}

RestartSchedule every_schedule() {
    RestartSchedule schedule;
    schedule.once = "2026-12-01T03:00:00Z";
    schedule.daily = "2026-12-01T04:30:00";
    schedule.weekly = "2026-12-02T05:00:00";
    return schedule;
}

TEST_F(WindowsPowerTest, SchedulesAreTasksAndGoWithThem) {
    ASSERT_TRUE(schedule_.write(every_schedule()));
    const auto now = *schedule_.read();
    EXPECT_EQ(now, every_schedule());
    EXPECT_NE(tasks_.documents["RestartWeekly"].find("<Wednesday />"), std::string::npos);
    const int puts = tasks_.puts;
    ASSERT_TRUE(schedule_.write(every_schedule()));
    EXPECT_EQ(tasks_.puts, puts);
    auto& weekly = tasks_.documents["RestartWeekly"];
    weekly.replace(weekly.find("Wednesday"), 9, "Thursday");
    EXPECT_EQ(schedule_.read()->weekly, std::nullopt) << "that is not what was asked for";
    ASSERT_TRUE(schedule_.write(every_schedule()));
    EXPECT_EQ(*schedule_.read(), every_schedule());
    ASSERT_TRUE(schedule_.write({}));
    EXPECT_TRUE(tasks_.documents.empty());
    RestartSchedule wrong;
    wrong.daily = "at noon";
    EXPECT_EQ(schedule_.write(wrong).error().fault, Fault::invalid);
}

TEST_F(WindowsPowerTest, AfterAnyFailureTheTasksAreAsBefore) {
    for (int n = 1;; ++n) {
        tasks_.documents.clear();
        tasks_.documents["RestartDaily"] = "somebody's own";
        const auto before = tasks_.documents;
        tasks_.calls = 0;
        tasks_.fail_at = n;
        const auto written = schedule_.write(every_schedule());
        const bool failed = tasks_.calls >= n;
        tasks_.fail_at = 0;
        if (!failed) break;
        ASSERT_FALSE(written) << n;
        EXPECT_EQ(tasks_.documents, before) << n;
        ASSERT_TRUE(schedule_.write(every_schedule()));
        EXPECT_EQ(*schedule_.read(), every_schedule());
    }
}

TEST(SystemTasksTest, WhatTheRealSchedulerDoesNotKeepIsNotClaimed) {
    // Wine's scheduler takes a task and keeps no program in it; the one of Windows keeps all of it.
    SystemTasks tasks;
    const auto absent = tasks.find("NoSuchTask");
    ASSERT_TRUE(absent) << absent.error().what << " " << absent.error().evidence;
    EXPECT_EQ(*absent, std::nullopt);
    WindowsRestartSchedule schedule(tasks);
    RestartSchedule far_away;
    far_away.once = "2099-12-01T03:00:00";
    const auto written = schedule.write(far_away);
    ASSERT_TRUE(written) << written.error().what << " " << written.error().evidence;
    const auto document = tasks.find("RestartOnce");
    const auto told = schedule.read();
    EXPECT_TRUE(schedule.write({}));
    EXPECT_EQ(*tasks.find("RestartOnce"), std::nullopt);
    ASSERT_TRUE(document && *document && told);
    const bool kept = (*document)->find("shutdown.exe") != std::string::npos;
    EXPECT_EQ(*told, kept ? far_away : RestartSchedule());
    if (!kept) GTEST_SKIP() << "This scheduler keeps no program in a task: the rest is for a real Windows.";
}

}  // namespace
}  // namespace steward::platform

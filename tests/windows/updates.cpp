// Update rules as Windows Update's policy, and what its agent tells.
#include "platform/windows/updates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "platform/windows/update_lists.h"
#include "tests/windows/private_registry.h"

namespace steward::platform {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

const std::string policy = R"(SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate)";
const std::string automatic = policy + R"(\AU)";

class WindowsUpdatesTest : public ::testing::Test {
  protected:
    WindowsUpdatesTest() { clock_.time = std::chrono::sys_days(2026y / 11 / 24) + 9h; }
    UpdateRules effective() {
        auto rules = updates_.read();
        EXPECT_TRUE(rules) << rules.error().what << rules.error().evidence;
        return rules ? *rules : UpdateRules();
    }
    void write(const UpdateRules& rules) {
        const auto written = updates_.write(rules);
        ASSERT_TRUE(written) << written.error().what << written.error().evidence;
    }

    FixedClock clock_;
    test::PrivateRegistry device_;
    int refreshed_ = 0;
    WindowsUpdates updates_{device_.registry(), clock_, [this] { ++refreshed_; }};
};

UpdateRules every_rule() {
    UpdateRules rules;
    rules.automatic = static_cast<int>(AutoUpdate::scheduled);
    rules.day = 3;
    rules.hour = 2;
    rules.every_week = false;
    rules.first_week = false;
    rules.second_week = true;
    rules.third_week = false;
    rules.fourth_week = true;
    rules.active_start = 22;
    rules.active_end = 1;
    rules.active_longest = 10;
    rules.detection_hours = 4;
    rules.exclude_drivers = true;
    rules.allow_metered = true;
    rules.deadline_days = 3;
    rules.grace_days = 1;
    rules.no_early_restart = true;
    rules.paused = true;
    rules.paused_since = "2026-11-20";
    rules.defer_days = 14;
    rules.approval_required = false;
    return rules;
}

TEST_F(WindowsUpdatesTest, AWindowsWithoutPolicySaysWhatItDoes) {
    const auto rules = effective();
    EXPECT_EQ(rules.automatic, static_cast<int>(AutoUpdate::install_and_restart));
    EXPECT_EQ(rules.every_week, true);
    EXPECT_EQ(rules.day, std::nullopt);
    EXPECT_EQ(rules.detection_hours, std::nullopt);
    EXPECT_EQ(rules.exclude_drivers, false);
    EXPECT_EQ(rules.paused, false);
}

TEST_F(WindowsUpdatesTest, EveryModeIsReadBackAsItselfWhateverStoodThere) {
    device_.set(automatic, "AUOptions", dword(3));
    device_.set(automatic, "NoAutoRebootWithLoggedOnUsers", dword(1));
    device_.set(automatic, "AlwaysAutoRebootAtScheduledTime", dword(1));
    const auto before = device_.state();
    EXPECT_EQ(effective().automatic, std::nullopt) << "to ask before the installation has no number";
    for (int mode = 0; mode <= 5; ++mode) {
        UpdateRules rules;
        rules.automatic = mode;
        write(rules);
        EXPECT_EQ(effective().automatic, mode);
        rules.hour = 17;
        write(rules);
        EXPECT_EQ(effective().automatic, mode);
        EXPECT_EQ(effective().hour, 17);
    }
    write({});
    EXPECT_EQ(device_.state(), before);
}

TEST_F(WindowsUpdatesTest, WhatIsWrittenIsInForceAndComesBack) {
    device_.set(policy, "WUServer", text_value("http://wsus.example"));
    device_.set(automatic, "ScheduledInstallTime", dword(24));
    const auto before = device_.state();
    const auto pristine = effective();
    EXPECT_EQ(pristine.hour, std::nullopt) << "24 is whenever Windows likes";
    write(every_rule());
    EXPECT_EQ(effective(), every_rule());
    EXPECT_EQ(device_.number(automatic, "AUOptions"), 4U);
    EXPECT_EQ(device_.number(policy, "SetActiveHours"), 1U);
    EXPECT_EQ(device_.text(policy, "PauseFeatureUpdatesStartTime"), "2026-11-20");
    const int changes = device_.calls().changes();
    EXPECT_EQ(refreshed_, 1);
    write(every_rule());
    EXPECT_EQ(device_.calls().changes(), changes);
    EXPECT_EQ(refreshed_, 1);
    write({});
    EXPECT_EQ(device_.state(), before);
    EXPECT_EQ(effective(), pristine);
    EXPECT_EQ(refreshed_, 2);
}

TEST_F(WindowsUpdatesTest, AnySequenceEndsWhereItBegan) {
    const auto before = device_.state();
    std::mt19937 random(5);
    const auto any = [&](int from, int to) { return std::uniform_int_distribution<int>(from, to)(random); };
    for (int round = 0; round < 40; ++round) {
        UpdateRules rules;
        if (any(0, 1)) rules.automatic = any(0, 5);
        if (any(0, 1)) rules.day = any(0, 7);
        if (any(0, 1)) rules.hour = any(0, 23);
        if (any(0, 1)) rules.second_week = any(0, 1) == 1;
        if (any(0, 1)) rules.detection_hours = any(1, 22);
        if (any(0, 1)) rules.exclude_drivers = any(0, 1) == 1;
        if (any(0, 1)) rules.paused = any(0, 1) == 1;
        if (any(0, 1)) rules.defer_days = any(0, 30);
        write(rules);
        const auto now = effective();
        const auto in_force = [](const auto& wanted, const auto& told) { return !wanted || wanted == told; };
        EXPECT_TRUE(in_force(rules.automatic, now.automatic));
        EXPECT_TRUE(in_force(rules.day, now.day));
        EXPECT_TRUE(in_force(rules.hour, now.hour));
        EXPECT_TRUE(in_force(rules.second_week, now.second_week));
        EXPECT_TRUE(in_force(rules.detection_hours, now.detection_hours));
        EXPECT_TRUE(in_force(rules.exclude_drivers, now.exclude_drivers));
        EXPECT_TRUE(in_force(rules.paused, now.paused));
        EXPECT_TRUE(in_force(rules.defer_days, now.defer_days));
    }
    write({});
    EXPECT_EQ(device_.state(), before);
}

TEST_F(WindowsUpdatesTest, APauseGoesOnFromTheDayItBegan) {
    UpdateRules rules;
    rules.paused = true;
    write(rules);
    EXPECT_EQ(effective().paused_since, "2026-11-24");
    clock_.time += 48h;
    rules.allow_metered = true;
    write(rules);
    EXPECT_EQ(effective().paused_since, "2026-11-24");
    rules.paused = false;
    write(rules);
    EXPECT_EQ(effective().paused, false);
    rules.paused = true;
    rules.paused_since = "tomorrow";
    EXPECT_EQ(updates_.write(rules).error().fault, Fault::invalid);
}

TEST_F(WindowsUpdatesTest, ADeferralIsNoPause) {
    UpdateRules rules;
    rules.defer_days = 7;
    write(rules);
    EXPECT_EQ(effective().defer_days, 7);
    EXPECT_EQ(effective().paused, false);
    rules.paused_since = "2026-11-20";  // Windows would take it for one
    EXPECT_EQ(updates_.write(rules).error().fault, Fault::invalid);
    rules.paused_since.reset();
    rules.approval_required = true;
    EXPECT_EQ(updates_.write(rules).error().fault, Fault::unsupported);
    write({});
    EXPECT_EQ(effective().defer_days, 0);
}

TEST_F(WindowsUpdatesTest, ActiveHoursThatAreTooLongAreInvalid) {
    UpdateRules rules;
    rules.active_start = 4;
    rules.active_end = 23;
    const auto before = device_.state();
    EXPECT_EQ(updates_.write(rules).error().fault, Fault::invalid);
    EXPECT_EQ(device_.state(), before);
}

struct ScriptedAgent final : UpdateAgent {
    std::vector<AgentUpdate> new_ones, waiting;
    std::vector<AgentEvent> events;
    std::optional<Instant> searched;
    Outcome next;

    template <class T>
    Result<T> said(T value) {
        if (!next) return next.error();
        return value;
    }
    Result<std::vector<AgentUpdate>> installable() override { return said(new_ones); }
    Result<std::vector<AgentUpdate>> waiting_for_restart() override { return said(waiting); }
    Result<std::vector<AgentEvent>> history(int) override { return said(events); }
    Result<std::optional<Instant>> last_search() override { return said(searched); }
};

TEST_F(WindowsUpdatesTest, TheAgentsListsAreTold) {
    using What = AgentEvent::What;
    ScriptedAgent agent;
    agent.new_ones = {{"a", "Cumulative", true}, {"b", "Driver", false}};
    agent.events = {{"c", "Defender", What::succeeded, 0, clock_.time},
                    {"d", "Office", What::failed, 0x80070643, clock_.time},
                    {"e", "Gone", What::other, 0, clock_.time},
                    {"d", "Office", What::succeeded, 0, clock_.time - 24h},
                    {"c", "Defender", What::failed, 0x80240022, clock_.time - 24h},
                    {"e", "Gone", What::succeeded, 0, clock_.time - 24h}};
    const auto installable = *installable_updates(agent);
    EXPECT_EQ(installable.at("a").kind, 1);
    EXPECT_EQ(installable.at("b").kind, 0);
    const auto installed = *installed_updates(agent);
    EXPECT_EQ(installed.size(), 1U);
    EXPECT_EQ(installed.at("c").when, "2026-11-24T09:00:00Z");
    const auto failed = *failed_updates(agent);
    EXPECT_EQ(failed.size(), 1U);
    EXPECT_THAT(*failed.at("d").reason, HasSubstr("0x80070643"));
    EXPECT_TRUE(updates_pending_restart(agent, device_.registry())->empty());
    device_.set(R"(SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending)", "",
                text_value(""));
    EXPECT_THAT(*updates_pending_restart(agent, device_.registry())->at("unknown").reason, HasSubstr("components"));
    agent.waiting = {{"c", "Defender", true}};
    const auto pending = *updates_pending_restart(agent, device_.registry());
    EXPECT_EQ(pending.size(), 1U);
    EXPECT_EQ(pending.at("c").when, "2026-11-24T09:00:00Z");
    WindowsUpdateFacts facts(agent);
    EXPECT_EQ(facts.read()->last_scan, std::nullopt);
    agent.searched = clock_.time;
    EXPECT_EQ(facts.read()->last_scan, "2026-11-24T09:00:00Z");
    agent.next = Error{Fault::io, "Windows Update did not answer.", ""};
    EXPECT_FALSE(facts.read());
    EXPECT_FALSE(installable_updates(agent));
    EXPECT_FALSE(updates_pending_restart(agent, device_.registry()));
}

TEST(RealUpdateAgent, AnswersOrSaysWhyNot) {
    // Wine has the agent's objects and no search behind them.
    const auto installable = update_agent().installable();
    EXPECT_TRUE(installable || !installable.error().evidence.empty());
    const auto history = update_agent().history(10);
    EXPECT_TRUE(history || !history.error().evidence.empty());
    const auto last = update_agent().last_search();
    EXPECT_TRUE(last || !last.error().evidence.empty());
}

}  // namespace
}  // namespace steward::platform

#include "platform/linux/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/text.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

using ::testing::ElementsAre;

// A systemd that has read `read` and remembers what it was told.
struct Systemctl final : Processes {
    std::string read;
    std::string stale = "no", active = "active", wanted_by = "timers.target";
    std::vector<std::string> told;
    int fail = 0;

    Result<Ended> run(const Command& command) override {
        const auto& words = command.arguments;
        if (words[1] == "show" && words[2].find("FragmentPath") != std::string::npos) {
            return Ended{0, read + "NeedDaemonReload=" + stale + "\nActiveState=" + active + "\n", ""};
        }
        if (words[1] == "show" && words[2] == "--property=WantedBy") return Ended{0, wanted_by + "\n", ""};
        if (words[1] == "show") return Ended{0, "loaded\n", ""};
        told.push_back(join({words.begin() + 1, words.end()}, " "));
        return Ended{fail, "", "Failed.\n"};
    }
};

class UnitsTest : public ::testing::Test {
  protected:
    static constexpr const char* file = "/etc/systemd/system/a.timer.d/50-steward.conf";
    test::TemporaryDirectory root_;
    Files files_{root_.path()};
    Systemctl systemctl_;
    Units units_{files_, systemctl_, true};
};

TEST_F(UnitsTest, ADropInThatWasNotReadIsToldOf) {
    systemctl_.read = "FragmentPath=/lib/systemd/system/a.timer\nDropInPaths=\n";
    ASSERT_TRUE(units_.refresh({{"a.timer", file}}));
    EXPECT_TRUE(systemctl_.told.empty()) << "there is none";
    root_.write(file, "[Timer]\n");
    ASSERT_TRUE(units_.refresh({{"a.timer", file}}));
    EXPECT_THAT(systemctl_.told, ElementsAre("daemon-reload", "restart a.timer"));
    systemctl_.told.clear();
    systemctl_.read = "FragmentPath=/lib/systemd/system/a.timer\nDropInPaths=" + std::string(file) + "\n";
    ASSERT_TRUE(units_.refresh({{"a.timer", file}}));
    EXPECT_TRUE(systemctl_.told.empty()) << "it knows";
    systemctl_.stale = "yes";
    ASSERT_TRUE(units_.refresh({{"a.timer", file}}));
    EXPECT_EQ(systemctl_.told.size(), 2U) << "its content is another one";
}

TEST_F(UnitsTest, ATimerOfOursIsStoppedBeforeItGoes) {
    systemctl_.read = "FragmentPath=" + std::string(file) + "\nDropInPaths=\n";
    ASSERT_TRUE(units_.refresh({{"a.timer", file}}));
    EXPECT_THAT(systemctl_.told, ElementsAre("stop a.timer", "daemon-reload", "restart a.timer"));
}

// systemd reads a new unit as soon as it is asked of it, and does not start it by that.
TEST_F(UnitsTest, ATimerOfOursRunsAndOneOfTheSystemStaysAsItIs) {
    root_.write(file, "[Timer]\n");
    systemctl_.read = "FragmentPath=" + std::string(file) + "\nDropInPaths=\n";
    systemctl_.active = "inactive";
    ASSERT_TRUE(units_.refresh({{"a.timer", file}}));
    EXPECT_THAT(systemctl_.told, ElementsAre("daemon-reload", "restart a.timer"));
    systemctl_.told.clear();
    systemctl_.read = "FragmentPath=/lib/systemd/system/a.timer\nDropInPaths=" + std::string(file) + "\n";
    ASSERT_TRUE(units_.refresh({{"a.timer", file}}));
    EXPECT_TRUE(systemctl_.told.empty()) << "who stopped it had a reason";
    ASSERT_TRUE(units_.refresh({{"a.timer", file, true}}));
    EXPECT_THAT(systemctl_.told, ElementsAre("daemon-reload", "restart a.timer")) << "it runs because of us";
}

TEST_F(UnitsTest, ATimerThatNothingWantsStandsStillAndAServiceIsNotStarted) {
    root_.write(file, "[Timer]\n");
    systemctl_.read = "FragmentPath=/lib/systemd/system/a.timer\nDropInPaths=\n";
    systemctl_.wanted_by = "";
    ASSERT_TRUE(units_.refresh({{"a.timer", file}}));
    EXPECT_THAT(systemctl_.told, ElementsAre("daemon-reload", "stop a.timer"));
    systemctl_.told.clear();
    ASSERT_TRUE(units_.refresh({{"a.service", file}}));
    EXPECT_THAT(systemctl_.told, ElementsAre("daemon-reload"));
}

TEST_F(UnitsTest, WhatSystemdRefusesIsSaid) {
    root_.write(file, "[Timer]\n");
    systemctl_.fail = 1;
    const auto refreshed = units_.refresh({{"a.timer", file}});
    ASSERT_FALSE(refreshed);
    EXPECT_EQ(refreshed.error().evidence, "Failed.");
    EXPECT_TRUE(Units(files_, systemctl_, false).refresh({{"a.timer", file}})) << "nobody is there to be told";
}

}  // namespace
}  // namespace steward::platform

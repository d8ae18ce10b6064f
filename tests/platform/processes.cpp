#include "platform/linux/processes.h"

#include <gtest/gtest.h>

namespace steward::platform {
namespace {

using namespace std::chrono_literals;

Command shell(std::string script) {
    Command command;
    command.arguments = {"/bin/sh", "-c", std::move(script)};
    return command;
}

TEST(Processes, AProgramIsGivenItsInputAndItsEndIsTold) {
    auto command = shell("cat; echo said >&2; exit 3");
    command.input = std::string(300'000, 'x');  // more than any pipe holds
    const auto ended = LinuxProcesses().run(command);
    ASSERT_TRUE(ended) << ended.error().what;
    EXPECT_EQ(ended->code, 3);
    EXPECT_EQ(ended->output, command.input);
    EXPECT_EQ(ended->errors, "said\n");
}

TEST(Processes, InputThatNobodyReadsStopsNobody) {
    auto command = shell("exit 0");
    command.input = std::string(1'000'000, 'x');
    const auto ended = LinuxProcesses().run(command);
    ASSERT_TRUE(ended) << ended.error().what;
    EXPECT_EQ(ended->code, 0);
}

TEST(Processes, OnlyWhatIsKeptOfALongOutputTakesMemory) {
    auto command = shell("head -c 5000000 /dev/zero");
    command.limit = 1000;
    const auto ended = LinuxProcesses().run(command);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->output.size(), 1000U);
}

TEST(Processes, WhoTakesTooLongIsKilledWithItsChildren) {
    auto command = shell("sleep 60 & echo $!; wait");
    command.deadline = 200ms;
    const auto began = std::chrono::steady_clock::now();
    const auto ended = LinuxProcesses().run(command);
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().fault, Fault::timeout);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 30s);
}

TEST(Processes, ASignalIsToldFromAnExitCode) {
    EXPECT_EQ(LinuxProcesses().run(shell("kill -TERM $$"))->code, 128 + 15);
}

TEST(Processes, WhatIsNotThereIsNamed) {
    Command command;
    command.arguments = {"/nowhere/tool"};
    const auto ended = LinuxProcesses().run(command);
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().fault, Fault::not_found);
    EXPECT_NE(ended.error().what.find("/nowhere/tool"), std::string::npos);
}

TEST(Processes, NothingOfOurEnvironmentIsPassed) {
    ::setenv("STEWARD_SECRET", "planted", 1);
    auto command = shell("env");
    command.environment = {{"WANTED", "1"}};
    const auto ended = LinuxProcesses().run(command);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->output.find("planted"), std::string::npos);
    EXPECT_NE(ended->output.find("WANTED=1\n"), std::string::npos);
}

}  // namespace
}  // namespace steward::platform

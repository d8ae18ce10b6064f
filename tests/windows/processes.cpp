#include "platform/windows/processes.h"

#include <windows.h>

#include <gtest/gtest.h>
#include <shellapi.h>

#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

std::string system_program(const char* name) {
    return std::string("C:\\windows\\system32\\") + name;
}

TEST(WindowsProcesses, WordsArriveAsTheyWere) {
    const std::vector<std::string> words = {"C:\\a b\\c.exe", "plain",       "",       "two words",
                                            "quote\"inside",  "back\\slash", "end\\",  "\\\\\"",
                                            "\xC3\xA4",       "tab\there",   "%PATH%", "a&b|c"};
    int count = 0;
    LPWSTR* parsed = ::CommandLineToArgvW(command_line(words).c_str(), &count);
    ASSERT_NE(parsed, nullptr);
    std::vector<std::string> arrived;
    for (int i = 0; i < count; ++i) arrived.push_back(narrow(parsed[i]));
    ::LocalFree(parsed);
    EXPECT_EQ(arrived, words);
}

TEST(WindowsProcesses, OutputAndExitCodeAreKept) {
    const auto ended =
        WindowsProcesses().run({{system_program("cmd.exe"), "/c", "echo out& echo err 1>&2& exit 7"}, {}, {}});
    ASSERT_TRUE(ended) << ended.error().what << ended.error().evidence;
    EXPECT_EQ(ended->code, 7);
    EXPECT_NE(ended->output.find("out"), std::string::npos);
    EXPECT_EQ(ended->output.find("err"), std::string::npos);
    EXPECT_NE(ended->errors.find("err"), std::string::npos);
}

TEST(WindowsProcesses, TheEnvironmentIsTheOneThatWasGiven) {
    ::SetEnvironmentVariableW(L"STEWARD_SECRET", L"leaked");
    Command command{{system_program("cmd.exe"), "/c", "set"}, {}, {{"Asked", "for"}}};
    const auto ended = WindowsProcesses().run(command);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->output.find("leaked"), std::string::npos);
    EXPECT_NE(ended->output.find("ASKED=for"), std::string::npos);
}

TEST(WindowsProcesses, WhatIsNotThereIsNotFoundAndABatchFileIsRefused) {
    EXPECT_EQ(WindowsProcesses().run({{"C:\\no\\such.exe"}, {}, {}}).error().fault, Fault::not_found);
    EXPECT_EQ(WindowsProcesses().run({{"C:\\x.BAT", "&calc"}, {}, {}}).error().fault, Fault::refused);
    EXPECT_EQ(WindowsProcesses().run({{"C:\\x.cmd"}, {}, {}}).error().fault, Fault::refused);
}

TEST(WindowsProcesses, OneThatDoesNotEndIsKilled) {
    Command command{{system_program("cmd.exe"), "/c", "pause"}, {}, {}};
    command.arguments = {system_program("ping.exe"), "-n", "100", "127.0.0.1"};
    command.deadline = std::chrono::milliseconds(300);
    EXPECT_EQ(WindowsProcesses().run(command).error().fault, Fault::timeout);
}

}  // namespace
}  // namespace steward::platform

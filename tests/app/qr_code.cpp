// What is drawn is what a scanner reads: decoded by zbar, which has never seen our code.
#include "agent/app/qr_code.h"

#include <gmock/gmock.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "agent/app/sign_in.h"
#include "platform/base/text.h"
#include "platform/linux/processes.h"
#include "platform/terminal.h"
#include "tests/support/temporary_directory.h"

namespace steward::app {
namespace {

constexpr const char* scanner = "/usr/bin/zbarimg";

// A picture (PBM) of the drawn lines, four points for each module.
std::string picture_of(const std::string& drawn) {
    constexpr std::size_t scale = 4;
    std::vector<std::string> rows;  // '0' light, '1' dark
    for (const auto line : split(drawn, '\n')) {
        if (!line.starts_with("\x1b[40;37;1m") || !line.ends_with("\x1b[0m")) continue;
        std::string above, below;
        for (auto rest = line.substr(10, line.size() - 14); !rest.empty();) {
            const bool blank = rest.front() == ' ';
            const auto block = rest.substr(0, blank ? 1 : 3);
            above += block == "\u2588" || block == "\u2580" ? '0' : '1';
            below += block == "\u2588" || block == "\u2584" ? '0' : '1';
            rest.remove_prefix(block.size());
        }
        rows.push_back(above);
        rows.push_back(below);
    }
    if (rows.empty()) return {};
    std::string picture =
        "P1\n" + std::to_string(rows.front().size() * scale) + " " + std::to_string(rows.size() * scale) + "\n";
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < scale; ++i) {
            for (const char module : row) {
                for (std::size_t j = 0; j < scale; ++j) (picture += module) += ' ';
            }
            picture += '\n';
        }
    }
    return picture;
}

struct QrCode : testing::Test {
    test::TemporaryDirectory place;

    std::string scan(const std::string& drawn) {
        platform::Command command;
        command.arguments = {scanner,     "--quiet",         "--raw",
                             "-Sdisable", "-Sqrcode.enable", place.write("code.pbm", picture_of(drawn))};
        const auto ended = platform::LinuxProcesses().run(command);
        if (!ended) return ended.error().what;
        return std::string(trim(ended->output));
    }
};

TEST_F(QrCode, AScannerReadsWhatWasDrawn) {
    if (!std::filesystem::exists(scanner)) GTEST_SKIP() << "zbar-tools are not installed";
    for (std::size_t length : {20U, 90U, 150U, 400U}) {
        std::string address = "https://login.example/sign-in?appru=http%3A%2F%2F127.0.0.1%3A40123%2F";
        while (address.size() < length) address += static_cast<char>('a' + address.size() % 26);
        const auto drawn = qr_code(address, 200);
        ASSERT_TRUE(drawn);
        EXPECT_EQ(scan(*drawn), address);
    }
}

TEST_F(QrCode, WhatDoesNotFitIsNotDrawn) {
    const auto drawn = qr_code(std::string(100, 'x'), 80);
    ASSERT_TRUE(drawn);
    const auto lines = split(*drawn, '\n');
    std::size_t columns = 0;
    for (const char c : lines.front().substr(10, lines.front().size() - 14)) columns += (c & 0xC0) != 0x80 ? 1 : 0;
    EXPECT_TRUE(qr_code(std::string(100, 'x'), columns));
    EXPECT_FALSE(qr_code(std::string(100, 'x'), columns - 1));
    EXPECT_FALSE(qr_code(std::string(5000, 'x'), 10'000)) << "more than any QR code holds";
    EXPECT_FALSE(qr_code(std::string("a\0b", 3), 80));
    EXPECT_FALSE(qr_code({}, 80));
}

TEST_F(QrCode, TheAddressStandsBesideItAsText) {
    const std::string address = "https://login.example/sign-in";
    const auto plain = sign_in_invitation(address, 0);
    EXPECT_THAT(plain, testing::HasSubstr("\n  " + address + "\n"));
    EXPECT_THAT(plain, testing::Not(testing::HasSubstr("\x1b")));
    const auto drawn = sign_in_invitation(address, 80);
    EXPECT_THAT(drawn, testing::HasSubstr("\n  " + address + "\n"));
    if (!std::filesystem::exists(scanner)) GTEST_SKIP() << "zbar-tools are not installed";
    EXPECT_EQ(scan(drawn), address);
}

TEST_F(QrCode, OnlyATerminalThatTakesItIsDrawnOn) {
    int master = -1, terminal = -1;
    winsize size{};
    size.ws_col = 132;
    ASSERT_EQ(::openpty(&master, &terminal, nullptr, nullptr, &size), 0);
    ::setenv("TERM", "xterm-256color", 1);
    ::unsetenv("LC_ALL");
    ::unsetenv("LC_CTYPE");
    ::setenv("LANG", "de_DE.UTF-8", 1);
    EXPECT_EQ(platform::drawing_columns(terminal), 132U);
    ::setenv("LC_ALL", "C", 1);
    EXPECT_FALSE(platform::drawing_columns(terminal)) << "LC_ALL counts more than LANG";
    ::setenv("LC_ALL", "C.utf8", 1);
    EXPECT_EQ(platform::drawing_columns(terminal), 132U);
    ::setenv("TERM", "dumb", 1);
    EXPECT_FALSE(platform::drawing_columns(terminal));
    ::setenv("TERM", "xterm", 1);
    size.ws_col = 0;
    ASSERT_EQ(::ioctl(terminal, TIOCSWINSZ, &size), 0);
    EXPECT_EQ(platform::drawing_columns(terminal), 80U) << "a serial line that does not say";
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    EXPECT_FALSE(platform::drawing_columns(ends[1]));
    for (const int each : {master, terminal, ends[0], ends[1]}) ::close(each);
}

}  // namespace
}  // namespace steward::app

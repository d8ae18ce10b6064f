#include "platform/linux/conf_file.h"

#include <gtest/gtest.h>

#include <random>

namespace steward::platform {
namespace {

using Style = ConfFile::Style;
using Edits = std::vector<Assignment>;

constexpr char login_defs[] =
    "# ageing\nPASS_MAX_DAYS\t99999\nPASS_MIN_DAYS\t0\n#PASS_WARN_AGE 7\nENV_PATH\tPATH=/bin:/usr/bin\n";

TEST(ConfFile, ReadsBothStyles) {
    const ConfFile equals(Style::equals,
                          "minlen=9 # nine\n  minclass = 2\n# dcredit = 1\neven_deny_root\nminlen = 10\n");
    EXPECT_EQ(equals.value("minlen"), "10") << "the last line counts";
    EXPECT_EQ(equals.value("minclass"), "2");
    EXPECT_EQ(equals.value("dcredit"), std::nullopt);
    EXPECT_EQ(equals.value("even_deny_root"), "");
    const ConfFile blank(Style::blank, std::string(login_defs));
    EXPECT_EQ(blank.value("PASS_MAX_DAYS"), "99999");
    EXPECT_EQ(blank.value("ENV_PATH"), "PATH=/bin:/usr/bin");
    EXPECT_EQ(blank.value("PASS_WARN_AGE"), std::nullopt);
}

TEST(ConfFile, TheOriginalLineStaysInTheFile) {
    const ConfFile file(Style::blank, std::string(login_defs));
    const Edits ours = {{"PASS_MAX_DAYS", "42"}};
    EXPECT_EQ(file.with(ours),
              "# ageing\n#steward:was# PASS_MAX_DAYS\t99999\n#steward:now# PASS_MAX_DAYS\nPASS_MAX_DAYS\t42\n"
              "PASS_MIN_DAYS\t0\n#PASS_WARN_AGE 7\nENV_PATH\tPATH=/bin:/usr/bin\n");
}

TEST(ConfFile, GivingBackRestoresEveryByte) {
    const std::vector<std::string> originals = {
        login_defs,      "", "minlen = 8", "minlen = 8\n\n\n", "a\nminlen=1\nminlen=2", "no end", "\r\nminlen = 8\r\n",
        "#\n#minlen = 3"};
    for (const auto& original : originals) {
        for (const auto style : {Style::equals, Style::blank}) {
            const Edits ours = {{"minlen", "12"}, {"even_deny_root", ""}, {"a", std::nullopt}, {"PASS_MAX_DAYS", "1"}};
            const ConfFile before(style, original);
            const auto managed = before.with(ours);
            ASSERT_TRUE(managed);
            const ConfFile after(style, managed);
            EXPECT_EQ(after.value("minlen"), "12") << original;
            EXPECT_EQ(after.value("even_deny_root"), "") << original;
            EXPECT_EQ(after.value("a"), std::nullopt) << original;
            EXPECT_EQ(after.original_value("minlen"), before.value("minlen"));
            EXPECT_EQ(after.with(ours), managed) << "twice is once";
            EXPECT_EQ(after.with({}), original);
        }
    }
}

TEST(ConfFile, AKeyStandsInItsSection) {
    const std::string original =
        "[commands]\n# apply_updates = yes\napply_updates = no\n; random_sleep = 1\n\n[base]\ndebuglevel = 1 # as it "
        "is";
    const ConfFile file(Style::sections, original);
    EXPECT_EQ(file.value("commands.apply_updates"), "no");
    EXPECT_EQ(file.value("base.apply_updates"), std::nullopt);
    EXPECT_EQ(file.value("commands.random_sleep"), std::nullopt);
    EXPECT_EQ(file.value("base.debuglevel"), "1 # as it is");
    const Edits ours = {{"commands.apply_updates", "yes"},
                        {"commands.download_updates", "yes"},
                        {"base.excludepkgs", "linux-firmware*"},
                        {"email.email_to", "root"}};
    const auto managed = file.with(ours);
    EXPECT_EQ(managed,
              "[commands]\n# apply_updates = yes\n#steward:was# apply_updates = no\n"
              "#steward:now# commands.apply_updates\napply_updates = yes\n"
              "#steward:now# commands.download_updates\ndownload_updates = yes\n; random_sleep = 1\n\n"
              "[base]\ndebuglevel = 1 # as it is\n"
              "#steward:now# base.excludepkgs (after a line that had no end)\nexcludepkgs = linux-firmware*\n"
              "#steward:now# [email]\n[email]\n#steward:now# email.email_to\nemail_to = root\n");
    const ConfFile after(Style::sections, managed);
    for (const auto& edit : ours) EXPECT_EQ(after.value(edit.key), edit.value);
    EXPECT_EQ(after.original_value("commands.apply_updates"), "no");
    EXPECT_EQ(after.with(ours), managed) << "twice is once";
    EXPECT_EQ(after.with({}), original);
    const auto made = ConfFile(Style::sections, std::nullopt).with(ours);
    EXPECT_EQ(ConfFile(Style::sections, made).with(ours), made);
    EXPECT_EQ(ConfFile(Style::sections, made).with({}), std::nullopt);
}

TEST(ConfFile, AFileOfOursDisappearsAgain) {
    const Edits ours = {{"deny", "5"}};
    const auto made = ConfFile(Style::equals, std::nullopt).with(ours);
    ASSERT_TRUE(made);
    EXPECT_EQ(ConfFile(Style::equals, made).value("deny"), "5");
    EXPECT_EQ(ConfFile(Style::equals, made).with({}), std::nullopt);
    EXPECT_EQ(ConfFile(Style::equals, std::nullopt).with({}), std::nullopt);
}

TEST(ConfFile, WhatOthersAddToAFileOfOursIsTheirs) {
    const Edits ours = {{"deny", "5"}};
    const auto made = ConfFile(Style::equals, std::nullopt).with(ours);
    ASSERT_TRUE(made);
    EXPECT_EQ(ConfFile(Style::equals, *made + "audit\n").with({}), "audit\n");
}

TEST(ConfFile, ALineThatReplacedOursIsNotTakenAway) {
    const Edits ours = {{"deny", "5"}};
    auto text = *ConfFile(Style::equals, "deny = 3\n").with(ours);
    const auto at = text.find("deny = 5\n");
    ASSERT_NE(at, std::string::npos);
    text.replace(at, 9, "audit\n");
    EXPECT_EQ(ConfFile(Style::equals, text).with({}), "deny = 3\naudit\n");
}

TEST(ConfFile, LinesOfOthersMayChangeAroundOurs) {
    const Edits ours = {{"deny", "5"}};
    const auto managed = *ConfFile(Style::equals, "deny = 3\n").with(ours);
    EXPECT_EQ(ConfFile(Style::equals, "silent\n" + managed + "audit\n").with({}), "silent\ndeny = 3\naudit\n");
}

// Any text, any settings: what is given back is what was there.
TEST(ConfFile, RoundTripsRandomFiles) {
    std::mt19937 random(7);
    const auto any = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
    const std::string pieces[] = {"key", " ", "=", "\t", "#", "\n", "12", "other", "\r\n", "deny", "x = y\n"};
    for (int round = 0; round < 3000; ++round) {
        std::string original;
        for (std::size_t count = any(20); count > 0; --count) original += pieces[any(std::size(pieces))];
        Edits ours;
        for (const auto* key : {"key", "other", "deny", "12"}) {
            if (any(2) == 0) continue;
            ours.push_back({key, any(4) == 0 ? std::nullopt : std::optional<std::string>(any(3) == 0 ? "" : "9")});
        }
        const auto style = any(2) == 0 ? Style::equals : Style::blank;
        const auto managed = ConfFile(style, original).with(ours);
        ASSERT_TRUE(managed);
        const ConfFile after(style, managed);
        for (const auto& each : ours) ASSERT_EQ(after.value(each.key), each.value) << *managed;
        ASSERT_EQ(after.with({}), original) << *managed;
    }
}

}  // namespace
}  // namespace steward::platform

#include "platform/base/text.h"

#include <gtest/gtest.h>

namespace steward {
namespace {

TEST(Text, TrimsOnlyBlanks) {
    EXPECT_EQ(trim(" \t\r\na b \n"), "a b");
    EXPECT_EQ(trim(" \n"), "");
}

TEST(Text, SplitsAndJoins) {
    EXPECT_EQ(split("a//b", '/'), (std::vector<std::string_view>{"a", "", "b"}));
    EXPECT_EQ(split("", '/'), (std::vector<std::string_view>{""}));
    EXPECT_EQ(join({"a", "b"}, ", "), "a, b");
    EXPECT_EQ(join({}, ","), "");
}

TEST(Text, ComparesIgnoringAsciiCase) {
    EXPECT_TRUE(same_ignoring_case("DevInfo", "devINFO"));
    EXPECT_FALSE(same_ignoring_case("a", "ab"));
    EXPECT_EQ(lower("ÄBc"), "Äbc");
}

TEST(Text, KnowsUtf8) {
    for (const char* good : {"", "abc", "é", "€", "😀"}) EXPECT_TRUE(valid_utf8(good)) << good;
    for (const char* bad :
         {"\xff", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "a\x80"}) {
        EXPECT_FALSE(valid_utf8(bad)) << bad;
    }
    EXPECT_FALSE(valid_utf8(std::string_view("a\0b", 3)));
}

TEST(Text, ReadsWholeIntegersOnly) {
    EXPECT_EQ(to_integer("-42"), -42);
    EXPECT_EQ(to_integer("007"), 7);
    for (const char* bad : {"", "1 ", "+1", "0x1", "1.0", "99999999999999999999"}) {
        EXPECT_EQ(to_integer(bad), std::nullopt) << bad;
    }
}

}  // namespace
}  // namespace steward

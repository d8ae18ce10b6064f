#include "csp/value.h"

#include <gtest/gtest.h>

namespace steward::csp {
namespace {

std::string canonical_or_refused(Format format, std::string_view text, const Allowed& allowed = {}) {
    const auto made = canonical(format, allowed, text);
    return made ? *made : "refused";
}

TEST(Value, HasOneTextPerMeaning) {
    EXPECT_EQ(canonical_or_refused(Format::integer, " 007 "), "7");
    EXPECT_EQ(canonical_or_refused(Format::integer, "4294967295"), "4294967295");
    EXPECT_EQ(canonical_or_refused(Format::integer, "4294967296"), "refused");
    EXPECT_EQ(canonical_or_refused(Format::integer, "1e3"), "refused");
    EXPECT_EQ(canonical_or_refused(Format::boolean, "TRUE"), "true");
    EXPECT_EQ(canonical_or_refused(Format::boolean, "0"), "false");
    EXPECT_EQ(canonical_or_refused(Format::boolean, "yes"), "refused");
    EXPECT_EQ(canonical_or_refused(Format::b64, "aGVs\r\n bG8="), "aGVsbG8=");
    EXPECT_EQ(canonical_or_refused(Format::b64, "*"), "refused");
    EXPECT_EQ(canonical_or_refused(Format::real, " 1.5 "), "1.5");
    EXPECT_EQ(canonical_or_refused(Format::real, "inf"), "refused");
    EXPECT_EQ(canonical_or_refused(Format::null, ""), "");
    EXPECT_EQ(canonical_or_refused(Format::null, "x"), "refused");
    EXPECT_EQ(canonical_or_refused(Format::chr, " as it is "), " as it is ");
}

TEST(Value, StaysInItsRange) {
    Allowed range;
    range.kind = Allowed::Kind::range;
    range.min = 4;
    range.max = 16;
    EXPECT_EQ(canonical_or_refused(Format::integer, "4", range), "4");
    EXPECT_EQ(canonical_or_refused(Format::integer, "16", range), "16");
    EXPECT_EQ(canonical_or_refused(Format::integer, "17", range), "refused");
    const auto refused = canonical(Format::integer, range, "3");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::invalid);
    EXPECT_EQ(refused.error().what, "\"3\" is not acceptable here: a whole number from 4 to 16 is expected.");
}

TEST(Value, IsOneOfItsChoicesOrASumOfItsFlags) {
    Allowed one;
    one.kind = Allowed::Kind::one_of;
    one.choices = {{"0", "off"}, {"1", "on"}};
    EXPECT_EQ(canonical_or_refused(Format::integer, "01", one), "1");
    EXPECT_EQ(canonical_or_refused(Format::integer, "2", one), "refused");
    EXPECT_EQ(one.describe(), "one of 0 (off), 1 (on)");
    Allowed flags = one;
    flags.kind = Allowed::Kind::flags;
    flags.choices = {{"1", ""}, {"4", ""}};
    EXPECT_EQ(canonical_or_refused(Format::integer, "5", flags), "5");
    EXPECT_EQ(canonical_or_refused(Format::integer, "0", flags), "0");
    EXPECT_EQ(canonical_or_refused(Format::integer, "2", flags), "refused");
    EXPECT_EQ(canonical_or_refused(Format::integer, "-1", flags), "refused");
}

TEST(Value, OfAListIsCheckedPartByPart) {
    Allowed list;
    list.kind = Allowed::Kind::one_of;
    list.choices = {{"a", ""}, {"b", ""}};
    list.delimiter = ";";
    EXPECT_EQ(canonical_or_refused(Format::chr, "a;b;a", list), "a;b;a");
    EXPECT_EQ(canonical_or_refused(Format::chr, "a;c", list), "refused");
    EXPECT_EQ(canonical_or_refused(Format::chr, "a;", list), "refused");
}

TEST(Value, IsTheSameWhateverItsSpelling) {
    EXPECT_TRUE(same_value(Format::integer, "7", "07"));
    EXPECT_TRUE(same_value(Format::boolean, "1", "true"));
    EXPECT_FALSE(same_value(Format::chr, "1", "01"));
    EXPECT_FALSE(same_value(Format::integer, "x", "y"));
}

TEST(Formats, AreNamedInAnyCase) {
    EXPECT_EQ(format_named("INT"), Format::integer);
    EXPECT_EQ(format_named("float"), Format::real);
    EXPECT_EQ(format_named("text"), std::nullopt);
    EXPECT_EQ(name_of(Format::b64), "b64");
}

}  // namespace
}  // namespace steward::csp

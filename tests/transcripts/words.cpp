#include "tests/support/words.h"

#include <gtest/gtest.h>

#include "tests/support/placeholders.h"

namespace steward::transcript {
namespace {

TEST(Words, KnowTheirComparisons) {
    const auto all = words("expect Status data=200 cmd!=Get item=~^./DevInfo size<=10 length>=3");
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 7u);
    EXPECT_EQ((*all)[1].is, Word::Is::bare);
    EXPECT_EQ((*all)[2].is, Word::Is::equal);
    EXPECT_EQ((*all)[3].key, "cmd");
    EXPECT_EQ((*all)[3].is, Word::Is::differs);
    EXPECT_EQ((*all)[4].is, Word::Is::like);
    EXPECT_EQ((*all)[4].value, "^./DevInfo");
    EXPECT_EQ((*all)[5].is, Word::Is::at_most);
    EXPECT_EQ((*all)[6].is, Word::Is::at_least);
}

TEST(Words, KeepBlanksInQuotes) {
    const auto all = words(R"(data="two words" text="a \"b\" \\ \n" empty="")");
    ASSERT_TRUE(all);
    EXPECT_EQ((*all)[0].value, "two words");
    EXPECT_EQ((*all)[1].value, "a \"b\" \\ \n");
    EXPECT_EQ((*all)[2].value, "");
}

TEST(Words, KeepEqualsSignsOfValues) {
    const auto all = words("nonce=q83vASNFZ4k=");
    ASSERT_TRUE(all);
    EXPECT_EQ((*all)[0].value, "q83vASNFZ4k=");
}

TEST(Words, RefuseWhatIsNoWord) {
    EXPECT_EQ(words("data=\"open").error().what, "a quote is not closed");
    EXPECT_EQ(words("data=\"a\"b").error().what, "text follows a closing quote without a blank");
    EXPECT_EQ(words("=value").error().what, "an equals sign has no key before it");
}

TEST(Placeholders, RepeatTextAndCount) {
    EXPECT_EQ(*expand_repeats("a$REPEAT(3,<x>$N</x>)b"), "a<x>1</x><x>2</x><x>3</x>b");
    EXPECT_EQ(*expand_repeats("$REPEAT(2,[$REPEAT(2,-)])"), "[--][--]");
    EXPECT_EQ(*expand_repeats("$REPEAT(0,x)"), "");
    EXPECT_EQ(*expand_repeats("costs $5"), "costs $5");
}

TEST(Placeholders, RefuseRepeatsWithoutSense) {
    EXPECT_FALSE(expand_repeats("$REPEAT(x,y)"));
    EXPECT_FALSE(expand_repeats("$REPEAT(-1,y)"));
    EXPECT_FALSE(expand_repeats("$REPEAT(2,y"));
    EXPECT_EQ(expand_repeats("$REPEAT(1000000000,xxxxxxxxxx)").error().fault, Fault::too_large);
    std::string deep = "x";
    for (int i = 0; i < 20; ++i) deep = "$REPEAT(1," + deep + ")";
    EXPECT_EQ(expand_repeats(deep).error().fault, Fault::too_large);
}

TEST(Placeholders, AreFilledInByName) {
    const Values values{{"SESSION", "7"}, {"MSGID", "2"}};
    EXPECT_EQ(fill_in("$SESSION/$MSGID $OTHER $", values), "7/2 $OTHER $");
}

TEST(Placeholders, AnyStandsForAnyText) {
    EXPECT_TRUE(matches_exactly("abc", "abc"));
    EXPECT_FALSE(matches_exactly("abc", "abcd"));
    EXPECT_TRUE(matches_exactly("<a>$ANY</a><b>$ANY</b>", "<a>1</a><b></b>"));
    EXPECT_FALSE(matches_exactly("<a>$ANY</a>", "<a>1</a>more"));
    EXPECT_FALSE(matches_exactly("ab$ANYab", "ab"));
}

}  // namespace
}  // namespace steward::transcript

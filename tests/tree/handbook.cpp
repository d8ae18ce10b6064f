#include "agent/tree/handbook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tree/device.h"

namespace steward::tree {
namespace {

using ::testing::HasSubstr;

TEST(Handbook, SaysOfANodeWhatItsDeclarationSays) {
    Device device;
    EXPECT_EQ(*handbook(device.tree->mount(), lock_uri + "Length"),
              "# `./Device/Vendor/MSFT/Policy/Config/Lock/Length`\n\nFewest characters.\n\n"
              "- format: int\n"
              "- access: Add, Delete, Get, Replace\n"
              "- takes: a whole number from 4 to 16\n"
              "- otherwise: `4`\n"
              "- where servers disagree: the highest value\n");
}

TEST(Handbook, APageHoldsEverythingBelowItsNode) {
    Device device;
    const auto page = handbook(device.tree->mount(), "./Vendor2");
    ASSERT_TRUE(page);
    EXPECT_THAT(*page, HasSubstr("# `./Vendor2`\n\nKept things.\n"));
    EXPECT_THAT(*page, HasSubstr("## `./Vendor2/Account/{Id}/Port`\n\nIts port.\n"));
    EXPECT_THAT(*page, HasSubstr("## `./Vendor2/Now`\n\nLive.\n\n- format: chr\n- access: Get\n\n"));
    EXPECT_THAT(*page, HasSubstr("- secret: never shown, logged or read back\n"));
    EXPECT_FALSE(handbook(device.tree->mount(), "./Nowhere"));
}

TEST(Handbook, WhatLooksLikeMarkupStaysText) {
    const Mount mount([] {
        std::vector<csp::Csp> csps;
        csps.push_back(
            csp::Csp("./Odd", "A <b> & a_b_c.")
                .nodes({csp::kept("Sign", csp::Format::chr, "*One*.").one_of({{"a|b", "[x]"}}).otherwise("`")}));
        return csps;
    }());
    const auto page = handbook(mount, "./Odd");
    ASSERT_TRUE(page);
    EXPECT_THAT(*page, HasSubstr("\nA \\<b\\> \\& a\\_b\\_c.\n"));
    EXPECT_THAT(*page, HasSubstr("\n\\*One\\*.\n"));
    EXPECT_THAT(*page, HasSubstr("- takes: one of a\\|b (\\[x\\])\n"));
    EXPECT_THAT(*page, HasSubstr("- otherwise: `` ` ``\n"));
}

}  // namespace
}  // namespace steward::tree

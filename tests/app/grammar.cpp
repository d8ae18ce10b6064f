// What is printed from the command line's own declaration.
#include "agent/app/grammar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steward::app {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Grammar, EveryShellIsToldEveryVerbAndOption) {
    for (const auto* shell : {"bash", "zsh", "fish"}) {
        const auto script = completion_script(shell);
        ASSERT_TRUE(script);
        for (const auto& verb : verbs()) {
            EXPECT_THAT(*script, HasSubstr(verb.name)) << shell;
            for (const auto& option : verb.options) EXPECT_THAT(*script, HasSubstr(option.name)) << shell;
        }
    }
    EXPECT_EQ(completion_script("tcsh").error().fault, Fault::invalid);
}

TEST(Grammar, AddressesContinueLevelByLevelInAnyCase) {
    EXPECT_EQ(uri_candidates("./Dev"), (std::vector<std::string>{"./DevDetail/", "./DevInfo/", "./Device/"}));
    EXPECT_EQ(uri_candidates("./DevInfo/Mo"), std::vector<std::string>{"./DevInfo/Mod"});
    const auto policies = uri_candidates("./device/vendor/msft/policy/config/devicelock/Min");
    EXPECT_THAT(policies, Contains("./device/vendor/msft/policy/config/devicelock/MinDevicePasswordLength"));
    EXPECT_THAT(policies, Each(StartsWith("./device/vendor/msft/policy/config/devicelock/Min")));
    EXPECT_THAT(uri_candidates("./Device/Vendor/MSFT/Policy/"), Contains("./Device/Vendor/MSFT/Policy/Result/"));
    EXPECT_TRUE(uri_candidates("./Nowhere/").empty());
}

TEST(Grammar, TheManualHasEveryVerbAndIsReadByTheFormatter) {
    const auto page = manual_page();
    for (const auto& verb : verbs()) EXPECT_THAT(page, HasSubstr(".SS \"" + verb.name)) << verb.name;
    for (const char c : page) ASSERT_GE(c, 0) << "only ASCII is the same for every formatter";
}

}  // namespace
}  // namespace steward::app

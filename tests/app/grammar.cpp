// What is printed from the command line's own declaration.
#include "agent/app/grammar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/linux/processes.h"

namespace steward::app {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string under_bash(const std::string& script) {
    platform::Command command;
    command.arguments = {"/bin/bash"};
    command.input = script;
    const auto ended = platform::LinuxProcesses().run(command);
    return ended ? ended->output + ended->errors : ended.error().what;
}

// What bash offers for these words, of which the last is being typed; `steward` itself is played.
std::string offered(const std::string& words) {
    return under_bash("steward() { echo \"asked $*\"; }\n" + *completion_script("bash") + "COMP_WORDS=(steward " +
                      words + ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_steward\necho \"${COMPREPLY[@]}\"\n");
}

TEST(Grammar, BashCompletesVerbsOptionsAndAddresses) {
    EXPECT_EQ(offered("un"), "unenroll\n");
    EXPECT_EQ(offered("unenroll --a"), "--all\n");
    EXPECT_EQ(offered("tree d"), "delete ddf\n");
    EXPECT_EQ(offered("audit v"), "verify\n");
    EXPECT_EQ(offered("tree get ./Dev"), "asked completion --uris ./Dev\n");
    EXPECT_EQ(offered("why ./Dev"), "asked completion --uris ./Dev\n");
}

TEST(Grammar, EveryShellIsToldEveryVerbAndOption) {
    for (const auto* shell : {"bash", "zsh", "fish"}) {
        const auto script = completion_script(shell);
        ASSERT_TRUE(script);
        for (const auto& verb : verbs()) {
            EXPECT_THAT(*script, HasSubstr(verb.name)) << shell;
            for (const auto& option : verb.options) EXPECT_THAT(*script, HasSubstr(option.name)) << shell;
        }
    }
    EXPECT_EQ(under_bash("bash -n <<'END'\n" + *completion_script("bash") + "END\n"), "");
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

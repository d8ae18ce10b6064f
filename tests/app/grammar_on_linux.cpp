// What is printed for bash, tried in bash.
#include <gtest/gtest.h>

#include "agent/app/grammar.h"
#include "platform/linux/processes.h"

namespace steward::app {
namespace {

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

TEST(Grammar, BashReadsItsScriptWithoutAWord) {
    EXPECT_EQ(under_bash("bash -n <<'END'\n" + *completion_script("bash") + "END\n"), "");
}

}  // namespace
}  // namespace steward::app

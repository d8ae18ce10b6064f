// What a person may and may not say on the command line, and what comes from standard input instead.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <sstream>

#include "agent/app/verb.h"

namespace steward::app {
namespace {

using testing::HasSubstr;

Options given(const std::vector<std::string>& words) {
    const auto options = Options::parse(words, {{"proxy", "URL", ""}, {"proxy-file", "FILE", ""}}, 0);
    EXPECT_TRUE(options);
    return options ? *options : Options{};
}

struct StandardInput {
    explicit StandardInput(const std::string& text) : content(text), before(std::cin.rdbuf(content.rdbuf())) {}
    ~StandardInput() {
        std::cin.rdbuf(before);
        std::cin.clear();
    }
    StandardInput(const StandardInput&) = delete;
    StandardInput& operator=(const StandardInput&) = delete;

    std::istringstream content;
    std::streambuf* before;
};

TEST(CommandLine, AProxyMayStandOnIt) {
    for (const char* address :
         {"http://proxy.example:3128", "proxy.example:3128", "http://ann@proxy.example:3128", ""}) {
        const auto proxy = proxy_of(given({"--proxy", address}));
        ASSERT_TRUE(proxy) << address;
        EXPECT_EQ(*proxy, address);
    }
    EXPECT_EQ(*proxy_of(given({})), "");
}

TEST(CommandLine, ThePasswordOfAProxyMayNot) {
    for (const char* address : {"http://ann:geheim@proxy.example:3128", "ann:geheim@proxy.example:3128",
                                "http://ann:ge@heim@proxy.example:3128"}) {
        const auto proxy = proxy_of(given({"--proxy", address}));
        ASSERT_FALSE(proxy) << address;
        EXPECT_EQ(proxy.error().fault, Fault::invalid);
        EXPECT_THAT(proxy.error().what, HasSubstr("--proxy-file"));
        EXPECT_THAT(proxy.error().what + proxy.error().evidence, testing::Not(HasSubstr("geheim")));
    }
}

TEST(CommandLine, SecretsComeOneToALineFromStandardInput) {
    const StandardInput input("http://ann:geheim@proxy.example:3128\r\ntoken-7");
    EXPECT_EQ(*proxy_of(given({"--proxy-file", "-"})), "http://ann:geheim@proxy.example:3128");
    EXPECT_EQ(*read_secret("-"), "token-7");
    const auto none = read_secret("-");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().fault, Fault::incomplete);
}

}  // namespace
}  // namespace steward::app

// Which proxy is taken of what Windows is set to.
#include "platform/windows/proxy.h"

#include <gtest/gtest.h>

#include "platform/proxy.h"

namespace steward::platform {
namespace {

struct ScriptedProxy final : ProxyCalls {
    std::optional<ProxySettings> machine, account, script;
    std::vector<std::string> asked;  // scripts, "" for WPAD

    std::optional<ProxySettings> of_machine() override { return machine; }
    std::optional<ProxySettings> of_account() override { return account; }
    std::optional<ProxySettings> by_script(const std::string&, const std::string& address) override {
        asked.push_back(address);
        return script;
    }
};

class WindowsProxy : public ::testing::Test {
  protected:
    ScriptedProxy calls_;
    std::optional<std::string> proxy(const std::string& url = "https://mdm.corp.example:8443/dm", bool detect = false) {
        return proxy_for(url, calls_, detect);
    }
    std::optional<std::string> listed(const std::string& proxies, const std::string& bypass = {},
                                      const std::string& url = "https://mdm.corp.example:8443/dm") {
        calls_.machine = ProxySettings{{}, proxies, bypass, false};
        return proxy(url);
    }
};

TEST_F(WindowsProxy, NothingSetIsNoOpinion) {
    EXPECT_EQ(proxy(), std::nullopt);
    calls_.machine = calls_.account = ProxySettings{};
    EXPECT_EQ(proxy(), std::nullopt);
    EXPECT_TRUE(calls_.asked.empty());
}

TEST_F(WindowsProxy, TheOneForHttpsIsTakenOfAList) {
    EXPECT_EQ(listed("proxy.corp.example:8080"), "http://proxy.corp.example:8080");
    EXPECT_EQ(listed("http=a:80;https=b:443;socks=c:1080"), "http://b:443");
    EXPECT_EQ(listed("HTTPS=https://b:443"), "https://b:443");
    EXPECT_EQ(listed("first:1 second:2"), "http://first:1");
    EXPECT_EQ(listed("first:1;https=b:443"), "http://b:443");
    EXPECT_EQ(listed("http=a:80;socks=c:1080"), std::nullopt);
    EXPECT_EQ(listed("https="), std::nullopt);
}

TEST_F(WindowsProxy, WhatIsToBePassedByIs) {
    EXPECT_EQ(listed("p:1", "*.corp.example"), "");
    EXPECT_EQ(listed("p:1", "other.example; MDM.Corp.*"), "");
    EXPECT_EQ(listed("p:1", "corp.example"), "http://p:1");
    EXPECT_EQ(listed("p:1", "<local>"), "http://p:1");
    EXPECT_EQ(listed("p:1", "<local>", "https://mdm/dm"), "");
    EXPECT_EQ(listed("p:1", "10.*", "https://10.1.2.3:443"), "");
    EXPECT_EQ(listed("p:1", "", "https://localhost:8443/dm"), "");
    EXPECT_EQ(listed("p:1", "", "https://[::1]:8443/dm"), "");
    std::string stars(50'000, '*');
    stars += 'x';
    EXPECT_EQ(listed("p:1", stars), "http://p:1") << "in time";
}

TEST_F(WindowsProxy, TheMachineComesBeforeTheAccountAndItsScriptBeforeItsList) {
    calls_.account = ProxySettings{"http://corp.example/proxy.pac", "listed:1", {}, true};
    calls_.script = ProxySettings{{}, "scripted:2", {}, false};
    EXPECT_EQ(proxy(), "http://scripted:2");
    EXPECT_EQ(calls_.asked, std::vector<std::string>{"http://corp.example/proxy.pac"});
    calls_.script = ProxySettings{};
    EXPECT_EQ(proxy(), "") << "a script that says: directly";
    calls_.script.reset();
    EXPECT_EQ(proxy(), "http://listed:1") << "no script came";
    calls_.machine = ProxySettings{{}, "machine:3", {}, false};
    EXPECT_EQ(proxy(), "http://machine:3");
}

TEST_F(WindowsProxy, TheNetworkIsAskedForAScriptOnlyWhereThatIsWanted) {
    calls_.account = ProxySettings{{}, {}, {}, true};
    calls_.script = ProxySettings{{}, "found:1", {}, false};
    EXPECT_EQ(proxy(), std::nullopt);
    EXPECT_TRUE(calls_.asked.empty());
    EXPECT_EQ(proxy("https://mdm.corp.example", true), "http://found:1");
    EXPECT_EQ(calls_.asked, std::vector<std::string>{""});
    calls_.account->detect = false;
    EXPECT_EQ(proxy("https://mdm.corp.example", true), std::nullopt);
}

// WinHTTP itself, which Wine has: what `netsh winhttp set proxy` writes is what is read.
TEST_F(WindowsProxy, TheCallsAnswerHere) {
    const auto settings = proxy_calls().of_machine();
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->proxies, "");
    EXPECT_NO_FATAL_FAILURE((void)proxy_calls().of_account());
    EXPECT_EQ(proxy_calls().by_script("https://mdm.corp.example", "http://127.0.0.1:9/none.pac"), std::nullopt);
}

}  // namespace
}  // namespace steward::platform

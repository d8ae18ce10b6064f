// Wireless networks as profiles of Windows.
#include "platform/windows/wifi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/wlan_documents.h"
#include "tests/windows/private_registry.h"
#include "tests/windows/scripted_wlan.h"

namespace steward::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class WindowsWifiTest : public ::testing::Test {
  protected:
    WindowsWifiTest() {
        wlan_.adapters["{1}"]["Home"] = test::wlan_personal("somebody's own", "Home");
        wlan_.adapters["{2}"];
    }
    static WifiNetwork network(const std::string& key = "pass phrase 1", const std::string& name = "Office") {
        WifiNetwork made;
        auto profile = parse_wlan_profile(test::wlan_personal(key, name));
        EXPECT_TRUE(profile);
        made.profile = *profile;
        return made;
    }
    std::string state() const {
        std::string text = device_.state();
        for (const auto& [adapter, profiles] : wlan_.adapters) {
            for (const auto& [name, document] : profiles) text += adapter + name + document + "\n";
        }
        return text;
    }
    void write(const std::string& key, const WifiNetwork& managed) {
        const auto written = wifi_.write(key, managed);
        ASSERT_TRUE(written) << written.error().what << written.error().evidence;
    }

    test::PrivateRegistry device_;
    test::ScriptedWlan wlan_;
    std::string known_ = std::string(40, 'A');
    WindowsWifi wifi_{device_.registry(), wlan_,
                      [this](const std::string& thumbprint) -> Result<bool> { return thumbprint == known_; }};
};

TEST_F(WindowsWifiTest, ANetworkIsKnownToEveryAdapterAndItsKeyIsNotTold) {
    const auto before = state();
    EXPECT_THAT(*wifi_.names(), IsEmpty()) << "other people's are not seen";
    write("Office", network());
    EXPECT_THAT(*wifi_.names(), ElementsAre("Office"));
    for (const auto& [adapter, profiles] : wlan_.adapters) {
        const auto profile = parse_wlan_profile(profiles.at("Office"));
        ASSERT_TRUE(profile);
        EXPECT_EQ(*profile, *network().profile);
    }
    auto told = *wifi_.read("Office");
    EXPECT_EQ(told.profile->key, "*");
    told.profile->key = network().profile->key;
    EXPECT_EQ(*told.profile, *network().profile);
    EXPECT_EQ(device_.state().find("pass phrase"), std::string::npos);
    const int sets = wlan_.sets;
    write("Office", network());
    EXPECT_EQ(wlan_.sets, sets);
    write("Office", network("pass phrase 2"));
    EXPECT_GT(wlan_.sets, sets);
    ASSERT_TRUE(wifi_.erase("Office"));
    EXPECT_EQ(state(), before);
    EXPECT_TRUE(wifi_.erase("Office"));
    EXPECT_EQ(wifi_.read("Office").error().fault, Fault::not_found);
}

TEST_F(WindowsWifiTest, ANetworkOfTheSameNameComesBackWithItsKey) {
    const auto before = state();
    write("key", network("pass phrase 1", "Home"));
    EXPECT_EQ(device_.state().find("somebody's own"), std::string::npos) << "its key is kept sealed";
    write("key", network("pass phrase 2", "Elsewhere"));
    EXPECT_NE(wlan_.adapters["{1}"]["Home"].find("somebody's own"), std::string::npos);
    write("key", network("pass phrase 1", "Home"));
    ASSERT_TRUE(wifi_.erase("key"));
    EXPECT_EQ(state(), before);
}

TEST_F(WindowsWifiTest, WhatAnAdapterForgotIsDrift) {
    write("Office", network());
    wlan_.adapters["{2}"].clear();
    EXPECT_EQ(wifi_.read("Office")->profile, std::nullopt);
    write("Office", network());
    EXPECT_TRUE(wifi_.read("Office")->profile);
    wlan_.adapters["{1}"].erase("Office");
    wlan_.adapters["{2}"].erase("Office");
    EXPECT_THAT(*wifi_.names(), IsEmpty());
    EXPECT_EQ(wifi_.read("Office").error().fault, Fault::not_found);
}

TEST_F(WindowsWifiTest, WhatANetworkCosts) {
    auto metered = network();
    metered.cost = WifiNetwork::variable;
    write("Office", metered);
    EXPECT_EQ(wlan_.costs["{1}Office"], 4);
    EXPECT_EQ(wifi_.read("Office")->cost, WifiNetwork::fixed);
    metered.cost = WifiNetwork::unrestricted;
    write("Office", metered);
    EXPECT_EQ(wifi_.read("Office")->cost, WifiNetwork::unrestricted);
    metered.cost = WifiNetwork::fixed;
    write("Office", metered);
    write("Office", network());
    EXPECT_TRUE(wlan_.costs.empty()) << "what nobody asks for any more is the default again";
}

TEST_F(WindowsWifiTest, AnAuthorityThatIsPinnedHasToBeHere) {
    const auto pinned = [](const std::string& thumbprint) {
        WifiNetwork made;
        auto profile =
            parse_wlan_profile(test::wlan_enterprise(13, test::wlan_server("radius.example.com", thumbprint)));
        EXPECT_TRUE(profile) << profile.error().what;
        if (profile) made.profile = *profile;
        return made;
    };
    const auto before = state();
    EXPECT_EQ(wifi_.write("Office", pinned(std::string(40, 'B'))).error().fault, Fault::not_found);
    EXPECT_EQ(state(), before);
    write("Office", pinned(known_));
    EXPECT_EQ(wifi_.read("Office")->profile, pinned(known_).profile);
}

TEST_F(WindowsWifiTest, WhatCanNotBeIsSaid) {
    EXPECT_EQ(wifi_.write("Office", {}).error().fault, Fault::incomplete);
    auto with_proxy = network();
    with_proxy.pac_url = "http://proxy.example/p.pac";
    EXPECT_EQ(wifi_.write("Office", with_proxy).error().fault, Fault::unsupported);
    write("Office", network());
    EXPECT_EQ(wifi_.write("Other", network()).error().fault, Fault::exists);
    wlan_.service = false;
    EXPECT_EQ(wifi_.write("Third", network("pass phrase 1", "Third")).error().fault, Fault::unsupported);
    EXPECT_TRUE(wifi_.erase("Office")) << "a device that lost its service can be left";
    wlan_.service = true;
    wlan_.adapters.clear();
    EXPECT_EQ(wifi_.write("Office", network()).error().fault, Fault::unsupported);
}

TEST_F(WindowsWifiTest, AfterAnyFailureANewNetworkIsNotThere) {
    const auto before = state();
    for (const bool registry : {true, false}) {
        for (int n = 1;; ++n) {
            if (registry) device_.calls().fail(n);
            if (!registry) wlan_.fail(n);
            const auto written = wifi_.write("Office", network("pass phrase 1", "Home"));
            const bool failed = registry ? device_.calls().failed() : wlan_.failed();
            device_.calls().fail(0);
            wlan_.fail(0);
            if (!failed) break;
            ASSERT_FALSE(written) << n;
            ASSERT_EQ(state(), before) << n << " registry " << registry;
        }
        ASSERT_TRUE(wifi_.erase("Office"));
        EXPECT_EQ(state(), before);
    }
}

TEST(WindowsWlan, TheRealServiceSaysWhatItKnows) {
    // Wine has the library and no adapter; a Windows without the service says that it is not supported.
    const auto adapters = wlan_calls().interfaces();
    EXPECT_TRUE(adapters || adapters.error().fault == Fault::unsupported);
}

}  // namespace
}  // namespace steward::platform

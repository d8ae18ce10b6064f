// What wireless networks may be used for, with a NetworkManager that is played.
#include "platform/linux/wireless_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/network_manager.h"
#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* rule = "/etc/polkit-1/rules.d/10-steward-wireless.rules";

class WirelessRulesTest : public ::testing::Test {
  protected:
    WirelessRulesTest() { root_.write("/usr/share/polkit-1/rules.d/50-default.rules", ""); }
    void write(std::optional<bool> allowed, std::optional<bool> sharing) {
        const auto written = rules_.write({allowed, sharing});
        ASSERT_TRUE(written) << written.error().what << " " << written.error().evidence;
    }
    WirelessRules effective() {
        const auto rules = rules_.read();
        EXPECT_TRUE(rules) << rules.error().what;
        return rules ? *rules : WirelessRules();
    }
    bool radio() const { return bus_.properties.at("WirelessEnabled").as_boolean().value(); }

    test::TemporaryDirectory root_;
    Files files_{root_.path()};
    test::ScriptedBus bus_;
    test::PlayedNetworkManager manager_{bus_};
    LinuxWirelessRules rules_{bus_, files_};
};

TEST_F(WirelessRulesTest, WhereWifiIsNotAllowedItIsOffAndNobodyTurnsItOn) {
    const auto before = test::snapshot_of(root_.path());
    EXPECT_EQ(effective(), (WirelessRules{true, true}));
    write(false, std::nullopt);
    EXPECT_FALSE(radio());
    EXPECT_THAT(root_.read(rule), HasSubstr("NetworkManager.enable-disable-wifi"));
    EXPECT_THAT(root_.read(rule), Not(HasSubstr("wifi.share"))) << "nobody asked for that";
    EXPECT_EQ(effective(), (WirelessRules{false, true}));
    write(std::nullopt, std::nullopt);
    EXPECT_TRUE(radio()) << "as it was before";
    EXPECT_EQ(test::snapshot_of(root_.path()), before);
}

TEST_F(WirelessRulesTest, ARadioThatSomebodyHadSwitchedOffStaysOff) {
    bus_.on_property("WirelessEnabled", BusValue::boolean(false));
    EXPECT_EQ(effective().allowed, true) << "it may be turned on again";
    write(false, false);
    write(false, std::nullopt);
    write(true, std::nullopt);
    EXPECT_FALSE(radio());
    EXPECT_EQ(effective().allowed, true);
    EXPECT_FALSE(root_.has(rule));
}

TEST_F(WirelessRulesTest, SharingIsRefusedToPeople) {
    write(std::nullopt, false);
    EXPECT_TRUE(radio());
    EXPECT_EQ(effective(), (WirelessRules{true, false}));
    EXPECT_THAT(root_.read(rule), HasSubstr("wifi.share.protected"));
    EXPECT_THAT(root_.read(rule), Not(HasSubstr("#"))) << "polkit would not read the file";
}

TEST_F(WirelessRulesTest, ARuleThatSomebodyChangedIsNotInForce) {
    write(false, false);
    root_.write(rule, root_.read(rule) + "polkit.addRule(function() { return polkit.Result.YES; });\n");
    EXPECT_EQ(effective().sharing, true);
    write(false, false);
    EXPECT_EQ(effective(), (WirelessRules{false, false}));
    bus_.on_property("WirelessEnabled", BusValue::boolean(true));
    EXPECT_EQ(effective().allowed, true) << "root turned it on";
    write(false, false);
    EXPECT_FALSE(radio());
    write(std::nullopt, std::nullopt);
    EXPECT_TRUE(radio()) << "what was before the first time counts";
}

TEST_F(WirelessRulesTest, WithoutPolkitOrNetworkManagerNothingIsClaimed) {
    std::filesystem::remove_all(root_.below("/usr/share/polkit-1"));
    EXPECT_EQ(rules_.write({false, std::nullopt}).error().fault, Fault::unsupported);
    EXPECT_TRUE(radio());
    AbsentBus none;
    LinuxWirelessRules alone(none, files_);
    EXPECT_EQ(*alone.read(), WirelessRules());
    EXPECT_EQ(alone.write({std::nullopt, false}).error().fault, Fault::unsupported);
    EXPECT_TRUE(alone.write({}));
}

TEST_F(WirelessRulesTest, WhateverFailsTheRuleAndTheRadioSayTheSame) {
    for (std::size_t n = 1; n < 8; ++n) {
        bus_.calls.clear();
        bus_.fail_at = n;
        const auto written = rules_.write({false, false});
        bus_.fail_at.reset();
        EXPECT_EQ(radio(), !root_.has(rule)) << n;
        EXPECT_EQ(effective().allowed, !written.ok()) << n;
        write(std::nullopt, std::nullopt);
    }
}

}  // namespace
}  // namespace steward::platform

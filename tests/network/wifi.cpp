// The WiFi CSP from command to device and back.
#include "tests/network/device.h"

namespace steward::test {
namespace {

using tree::Verb;
using State = tree::Answer::State;

const std::string key = "correct horse";

class WifiCsp : public NetworkedDevice {};

TEST_F(WifiCsp, ANetworkArrivesAndIsReadBackWithoutItsKey) {
    const std::vector<tree::Operation> operations = {
        change(Verb::add, wifi_root + "Office/WlanXml", wlan_personal(key)),
        change(Verb::add, "./Vendor/MSFT/WiFi/Profile/Office/ProxyPacUrl", "http://proxy.example/pac"),
        change(Verb::add, wifi_root + "Office/WiFiCost", "3")};
    auto typed = operations;
    typed[2].format = "int";
    for (const auto& answer : tree_->run(server_, typed)) EXPECT_EQ(answer.state, State::done) << answer.error.what;
    ASSERT_EQ(manager_.connections.size(), 1U);
    EXPECT_EQ(networks().begin()->second, key);
    EXPECT_EQ(get(wifi_root + "Office/WlanXml"), platform::without_wlan_key(wlan_personal(key)));
    EXPECT_EQ(get(wifi_root + "Office/WiFiCost"), "2");
    EXPECT_EQ(get(wifi_root + "Office/ProxyPacUrl"), "http://proxy.example/pac");
    EXPECT_EQ(get(wifi_root + "Office"), "ProxyPacUrl/WiFiCost/WlanXml");

    EXPECT_EQ(one(Verb::erase, wifi_root + "Office").state, State::done);
    EXPECT_TRUE(manager_.connections.empty());
    EXPECT_TRUE(policies_->originals().empty());
}

TEST_F(WifiCsp, TheKeyIsShownNowhere) {
    EXPECT_EQ(one(Verb::add, wifi_root + "Office/WlanXml", wlan_personal(key)).state, State::done);
    EXPECT_EQ(one(Verb::replace, wifi_root + "Office/WlanXml", wlan_personal("battery staple")).state, State::done);
    auto why = tree_->why(wifi_root + "Office/WlanXml");
    ASSERT_TRUE(why) << why.error().what;
    std::string shown = why->device.value_or("") + why->effective.value_or("");
    for (const auto& wish : why->wishes) shown += wish.value;
    for (const auto& event : why->history) shown += event.before.value_or("") + event.after.value_or("");
    if (why->original) shown += why->original->data.value_or("");
    bus_.on("Update2", [](const platform::BusCall&) { return platform::BusValues{platform::BusValue::variants({})}; });
    const auto ignored = one(Verb::replace, wifi_root + "Office/WlanXml",
                             wlan_document(wlan_encryption("WPA3SAE", "AES") + wlan_key(key)));
    EXPECT_EQ(ignored.state, State::failed) << "NetworkManager said yes and did nothing";
    shown += ignored.error.what + ignored.error.evidence;
    manager_.connections.clear();
    const auto drift = tree_->drift();
    for (const auto& difference : *drift) shown += difference.device.value_or("") + difference.desired.value_or("");
    const auto list = one(Verb::get, wifi_root + "Office?list=StructData");
    for (const auto& found : list.found) shown += found.data.value_or("");
    EXPECT_NE(shown.find("Office"), std::string::npos);
    EXPECT_EQ(shown.find(key), std::string::npos) << shown;
    EXPECT_EQ(shown.find("battery"), std::string::npos) << shown;
}

TEST_F(WifiCsp, ARefusedProfileSaysWhyAndChangesNothing) {
    const auto answer =
        one(Verb::add, wifi_root + "Old/WlanXml", wlan_document(wlan_encryption("shared", "WEP") + wlan_key(key)));
    EXPECT_EQ(answer.state, State::failed);
    EXPECT_EQ(answer.error.fault, Fault::unsupported);
    EXPECT_NE(answer.error.what.find("WEP is broken and refused"), std::string::npos) << answer.error.what;
    EXPECT_EQ((answer.error.what + answer.error.evidence).find(key), std::string::npos);
    EXPECT_EQ(one(Verb::add, wifi_root + "Old/WiFiCost", "9").state, State::failed);
    EXPECT_TRUE(manager_.connections.empty());
    EXPECT_TRUE(wishes().empty());
}

TEST_F(WifiCsp, WhatNetworkManagerRefusesIsToldInItsWords) {
    bus_.on_error("AddConnection2", "org.freedesktop.NetworkManager.Settings.Connection.InvalidProperty",
                  "802-11-wireless.ssid: property is invalid");
    const auto answer = one(Verb::add, wifi_root + "Office/WlanXml", wlan_personal(key));
    EXPECT_EQ(answer.error.fault, Fault::invalid);
    EXPECT_NE(answer.error.what.find("ssid: property is invalid"), std::string::npos) << answer.error.what;
    EXPECT_TRUE(wishes().empty());
}

TEST_F(WifiCsp, LeavingTakesOurNetworksAndNoOthers) {
    const auto theirs = manager_.add(platform::BusValue::dictionary(
        "a{sv}", {{"connection", platform::BusValue::variants({{"uuid", platform::BusValue::text("theirs")}})}}));
    for (const auto* name : {"Office", "Guest", "Lab 2"})
        EXPECT_EQ(one(Verb::add, wifi_root + (name == std::string("Lab 2") ? "Lab%202" : name) + "/WlanXml",
                      wlan_personal(key, name))
                      .state,
                  State::done);
    EXPECT_EQ(get("./Device/Vendor/MSFT/WiFi/Profile"), "Guest/Lab%202/Office");
    EXPECT_EQ(manager_.connections.size(), 4U);
    ASSERT_TRUE(tree_->release("corp"));
    ASSERT_EQ(manager_.connections.size(), 1U);
    EXPECT_EQ(manager_.connections.begin()->first, theirs);
}

TEST_F(WifiCsp, ANetworkThatSomebodyDeletedComesBack) {
    EXPECT_EQ(one(Verb::add, wifi_root + "Office/WlanXml", wlan_personal(key)).state, State::done);
    const auto before = networks();
    manager_.connections.clear();
    EXPECT_EQ(tree_->drift()->size(), 1U);
    EXPECT_EQ(tree_->sweep().repaired.size(), 1U);
    EXPECT_EQ(networks(), before);
}

TEST_F(WifiCsp, WithoutNetworkManagerTheServerLearnsWhatIsMissing) {
    for (const auto* member : {"ListConnections", "GetConnectionByUuid", "AddConnection2"})
        bus_.on_error(member, "org.freedesktop.DBus.Error.ServiceUnknown", "not provided by any .service files");
    const auto answer = one(Verb::add, wifi_root + "Office/WlanXml", wlan_personal(key));
    EXPECT_EQ(answer.error.fault, Fault::unsupported);
    EXPECT_NE(answer.error.what.find("NetworkManager, which this device lacks"), std::string::npos);
    EXPECT_TRUE(wishes().empty());
}

}  // namespace
}  // namespace steward::test

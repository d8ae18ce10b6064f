// Wireless networks over a played NetworkManager; tests/functional/wifi.sh does the same with the real one.
#include "platform/linux/wifi.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "platform/base/certificate.h"
#include "platform/linux/network_guard.h"
#include "tests/support/issuer.h"
#include "tests/support/network_manager.h"
#include "tests/support/scripted_bus.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/wlan_documents.h"

namespace steward::platform {
namespace {

using namespace test;

WifiNetwork network(const std::string& document) {
    WifiNetwork made;
    auto profile = parse_wlan_profile(document);
    EXPECT_TRUE(profile) << profile.error().what;
    if (profile) made.profile = std::move(*profile);
    return made;
}

BusValue somebody_elses() {
    return BusValue::dictionary(
        "a{sv}", {{"connection", BusValue::variants({{"id", BusValue::text("Office")},
                                                     {"uuid", BusValue::text("6d1c7f0e-6c2e-4a2b-9a55-2f1f1a0b7d11")},
                                                     {"type", BusValue::text("802-11-wireless")}})},
                  {"802-11-wireless", BusValue::variants({{"ssid", BusValue::bytes("Office")}})}});
}

class WifiTest : public ::testing::Test {
  protected:
    void write(const WifiNetwork& wanted) {
        const auto written = wifi_.write("Office", wanted);
        ASSERT_TRUE(written) << written.error().what << " " << written.error().evidence;
    }
    WifiNetwork read() {
        auto now = wifi_.read("Office");
        EXPECT_TRUE(now) << now.error().what;
        return now ? *now : WifiNetwork();
    }
    const BusValue& only() const { return manager_.connections.begin()->second; }
    std::string says(std::string_view group, std::string_view name) const {
        const auto* value = only().at(group) != nullptr ? only().at(group)->at(name) : nullptr;
        return value != nullptr ? value->as_text().value_or("?") : "";
    }
    int changes() const {
        int count = 0;
        for (const auto& member : bus_.members())
            count += member == "AddConnection2" || member == "Update2" || member == "Delete" ? 1 : 0;
        return count;
    }

    TemporaryDirectory root_;
    Files files_{root_.path()};
    ScriptedBus bus_;
    PlayedNetworkManager manager_{bus_};
    LinuxWifi wifi_{bus_, files_};
};

TEST_F(WifiTest, WhatIsWrittenIsWhatNetworkManagerSays) {
    auto wanted = network(wlan_personal("correct horse"));
    wanted.pac_url = "http://proxy.example/pac";
    wanted.cost = WifiNetwork::fixed;
    write(wanted);
    EXPECT_EQ(says("802-11-wireless-security", "key-mgmt"), "wpa-psk");
    EXPECT_EQ(says("802-11-wireless-security", "psk"), "correct horse");
    EXPECT_EQ(says("proxy", "pac-url"), "http://proxy.example/pac");
    auto now = read();
    EXPECT_EQ(now.profile->key, "*");
    EXPECT_EQ(now.cost, WifiNetwork::fixed);
    EXPECT_EQ(now.pac_url, wanted.pac_url);
    EXPECT_EQ(wlan_profile_text(*now.profile), without_wlan_key(wlan_personal("correct horse")));
    EXPECT_EQ(*wifi_.names(), std::vector<std::string>{"Office"});
}

TEST_F(WifiTest, EveryKindOfNetworkComesBackAsItWas) {
    for (const auto& security : {wlan_encryption("open", "none"), wlan_encryption("OWE", "AES"),
                                 wlan_encryption("WPA2PSK", "AES") + wlan_key("correct horse"),
                                 wlan_encryption("WPA2PSK", "AES") + wlan_key(std::string(64, 'b'), "networkKey"),
                                 wlan_encryption("WPA3SAE", "AES") + wlan_key("correct horse"),
                                 wlan_encryption("WPA3SAE", "AES", "false", "<transitionMode>1</transitionMode>") +
                                     wlan_key("correct horse")}) {
        for (const auto* more :
             {"", "<MacRandomization><enableRandomization>false</enableRandomization></MacRandomization>",
              "<MacRandomization><enableRandomization>true</enableRandomization></MacRandomization>",
              "<MacRandomization><enableRandomization>true</enableRandomization><randomizeEveryday>true"
              "</randomizeEveryday></MacRandomization>"}) {
            const auto document = wlan_document(security, "Office", more);
            SCOPED_TRACE(document);
            write(network(document));
            EXPECT_EQ(wlan_profile_text(*read().profile), without_wlan_key(document));
            const auto before = changes();
            write(network(document));
            EXPECT_EQ(changes(), before) << "a second write touches nothing";
        }
    }
    EXPECT_EQ(manager_.connections.size(), 1U) << "one name is one connection";
}

TEST_F(WifiTest, AnotherKeyIsAChangeAndAKeyThatWentIsSeen) {
    write(network(wlan_personal("correct horse")));
    write(network(wlan_personal("battery staple")));
    EXPECT_EQ(says("802-11-wireless-security", "psk"), "battery staple");
    bus_.on("GetSecrets", BusValues{BusValue::dictionary("a{sv}", {})});
    EXPECT_EQ(wlan_profile_text(*read().profile).find("sharedKey"), std::string::npos);
}

// Else the trial of a wrong key would be passed over the old one, and the device be lost at its next start.
TEST_F(WifiTest, ANetworkInUseComesUpAnewWithWhatWasChanged) {
    const auto times_up = [this] {
        const auto members = bus_.members();
        return std::count(members.begin(), members.end(), "ActivateConnection");
    };
    write(network(wlan_personal("correct horse")));
    const auto ours = manager_.connections.begin()->first;
    manager_.in_use["/active/of-us"] = {"/somebody/elses"};
    write(network(wlan_personal("battery staple")));
    EXPECT_EQ(times_up(), 0) << "another network is in use";
    manager_.in_use["/active/of-us"] = {ours};
    write(network(wlan_personal("staple battery")));
    ASSERT_EQ(times_up(), 1);
    const auto up = std::find_if(bus_.calls.begin(), bus_.calls.end(),
                                 [](const BusCall& each) { return each.member == "ActivateConnection"; });
    EXPECT_EQ(up->arguments, (BusValues{BusValue::path(ours), BusValue::path("/device/1"), BusValue::path("/")}));
    write(network(wlan_personal("staple battery")));
    EXPECT_EQ(times_up(), 1) << "nothing has changed";
}

// Else what the session says next would still go over it, and a trial be passed by a device that is about to be lost.
TEST_F(WifiTest, ANetworkThatWasChangedOrTakenAwayIsLeftBeforeAnythingElse) {
    manager_.looks_until_down = 3;
    write(network(wlan_personal("correct horse")));
    manager_.in_use["/active/of-us"] = {manager_.connections.begin()->first};
    write(network(wlan_personal("battery staple")));
    EXPECT_FALSE(manager_.in_use.contains("/active/of-us"));
    ASSERT_EQ(manager_.in_use.size(), 1U) << "it came up anew";
    ASSERT_TRUE(wifi_.erase("Office"));
    EXPECT_TRUE(manager_.in_use.empty());
}

TEST_F(WifiTest, WhatSomebodyMadeOfOurNetworkIsNotMistakenForIt) {
    write(network(wlan_personal("correct horse")));
    auto settings = settings_of("Office", network(wlan_document(wlan_encryption("OWE", "AES"))), {}, {});
    ASSERT_TRUE(settings);
    settings->security = {{"key-mgmt", BusValue::text("none")}};
    manager_.connections.begin()->second = settings->value();
    EXPECT_FALSE(read().profile);
    write(network(wlan_personal("correct horse")));
    EXPECT_EQ(read().profile->security, WlanProfile::Security::wpa2_personal);
}

TEST_F(WifiTest, ThePersonsOwnNetworksAreNeitherSeenNorTouched) {
    manager_.add(somebody_elses());
    const auto theirs = *manager_.connections.begin();
    EXPECT_EQ(wifi_.read("Office").error().fault, Fault::not_found);
    write(network(wlan_personal("correct horse")));
    EXPECT_EQ(*wifi_.names(), std::vector<std::string>{"Office"});
    ASSERT_TRUE(wifi_.erase("Office"));
    ASSERT_EQ(manager_.connections.size(), 1U);
    EXPECT_EQ(*manager_.connections.begin(), theirs);
    ASSERT_TRUE(wifi_.erase("Office")) << "what is not there is already erased";
}

TEST_F(WifiTest, ACopyThatAPersonMadeOfOurNetworkIsTheirs) {
    write(network(wlan_personal("correct horse")));
    auto settings = settings_of("Office", network(wlan_personal("correct horse")), {}, {});
    ASSERT_TRUE(settings);
    settings->connection[1].second = BusValue::text("6d1c7f0e-6c2e-4a2b-9a55-2f1f1a0b7d11");
    manager_.add(settings->value());
    EXPECT_EQ(wifi_.names()->size(), 1U);
    ASSERT_TRUE(wifi_.erase("Office"));
    EXPECT_EQ(manager_.connections.size(), 1U);
}

TEST_F(WifiTest, AnEnterpriseNetworkPinsItsAuthorityAndSignsInAsTheDevice) {
    Issuer authority("Test CA");
    const auto pem = to_pem(authority.certificate());
    const auto print = read_certificate(pem)->thumbprint;
    const auto peap = wlan_enterprise(25, wlan_server("radius.example.com", print) + "<Eap><Type>26</Type></Eap>");
    EXPECT_EQ(wifi_.write("Office", network(peap)).error().fault, Fault::not_found) << "an unknown authority";
    root_.write("/etc/steward/wifi/authorities.pem", pem);
    const auto without = wifi_.write("Office", network(peap));
    ASSERT_FALSE(without);
    EXPECT_EQ(without.error().fault, Fault::unsupported);
    EXPECT_NE(without.error().what.find("/etc/steward/wifi"), std::string::npos);
    root_.write("/etc/steward/wifi/identity", "host/pc1\n");
    root_.write("/etc/steward/wifi/password", "a secret\n");
    write(network(peap));
    EXPECT_EQ(says("802-1x", "identity"), "host/pc1");
    EXPECT_EQ(says("802-1x", "password"), "a secret");
    EXPECT_EQ(says("802-1x", "domain-match"), "radius.example.com");
    EXPECT_EQ(says("802-1x", "phase2-auth"), "mschapv2");
    EXPECT_EQ(wlan_profile_text(*read().profile), without_wlan_key(peap));
    const auto file = file_of_authorities(only());
    EXPECT_EQ(root_.read(file), pem);

    const auto tls = wlan_enterprise(13, wlan_server(".*\\.example\\.com", print));
    EXPECT_EQ(wifi_.write("Office", network(tls)).error().fault, Fault::unsupported) << "there is no certificate";
    root_.write("/etc/steward/wifi/certificate.pem", pem);
    root_.write("/etc/steward/wifi/key.pem", "a key");
    write(network(tls));
    EXPECT_EQ(says("802-1x", "domain-suffix-match"), "example.com");
    EXPECT_EQ(says("802-1x", "password"), "");
    EXPECT_EQ(wlan_profile_text(*read().profile), without_wlan_key(tls));
    const auto before = changes();
    write(network(tls));
    EXPECT_EQ(changes(), before);

    root_.write(file_of_authorities(only()), "damaged");
    EXPECT_FALSE(read().profile) << "a network whose server can't be checked is not what was asked for";
    write(network(tls));
    EXPECT_TRUE(read().profile);
    ASSERT_TRUE(wifi_.erase("Office"));
    EXPECT_FALSE(root_.has("/etc/NetworkManager/steward"));
}

TEST_F(WifiTest, WithoutAProfileNothingElseIsSet) {
    WifiNetwork wanted;
    wanted.cost = WifiNetwork::fixed;
    EXPECT_EQ(wifi_.write("Office", wanted).error().fault, Fault::incomplete);
    wanted = network(wlan_personal("correct horse"));
    wanted.pac_url = "http://proxy.example/pac";
    wanted.discover_proxy = true;
    EXPECT_EQ(wifi_.write("Office", wanted).error().fault, Fault::invalid);
    EXPECT_TRUE(manager_.connections.empty());
}

// Old or new, never half, whichever call goes wrong; and the next write puts it right.
TEST_F(WifiTest, WhicheverCallFailsTheNetworkIsOldOrNew) {
    const auto before = network(wlan_personal("correct horse")), after = network(wlan_personal("battery staple"));
    for (std::size_t n = 1; n < 20; ++n) {
        manager_.connections.clear();
        bus_.fail_at.reset();
        write(before);
        bus_.calls.clear();
        bus_.fail_at = n;
        const auto written = wifi_.write("Office", after);
        const bool reached = bus_.calls.size() >= n;
        EXPECT_EQ(written.ok(), !reached) << n;
        if (!written) {
            EXPECT_EQ(written.error().fault, Fault::timeout);
            EXPECT_EQ(written.error().what.find("battery"), std::string::npos);
        }
        const auto key = says("802-11-wireless-security", "psk");
        EXPECT_TRUE(key == "correct horse" || key == "battery staple") << n;
        bus_.fail_at.reset();
        write(after);
        EXPECT_EQ(says("802-11-wireless-security", "psk"), "battery staple");
        if (!reached) return;
    }
    FAIL() << "a write makes more calls than is reasonable";
}

TEST_F(WifiTest, WithoutNetworkManagerTheReasonIsGiven) {
    AbsentBus none;
    LinuxWifi wifi(none, files_);
    for (const auto& refused : {wifi.write("Office", network(wlan_personal("correct horse"))).error(),
                                wifi.read("Office").error(), wifi.names().error()}) {
        EXPECT_EQ(refused.fault, Fault::unsupported);
        EXPECT_NE(refused.what.find("through NetworkManager, which this device lacks"), std::string::npos)
            << refused.what;
    }
    EXPECT_TRUE(wifi.erase("Office")) << "a device that lost it can still be left";
}

TEST_F(WifiTest, TheNameOfANetworkDecidesItsIdentity) {
    EXPECT_EQ(wifi_uuid("Office"), wifi_uuid("Office"));
    EXPECT_NE(wifi_uuid("Office"), wifi_uuid("office"));
    const auto uuid = wifi_uuid("Office");
    ASSERT_EQ(uuid.size(), 36U);
    EXPECT_EQ(uuid[14], '5');
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
}

TEST_F(WifiTest, AGuardBringsBackWhatWas) {
    CheckpointGuard guard(bus_);
    EXPECT_FALSE(guard.is_armed());
    EXPECT_TRUE(guard.undo()) << "nothing to undo";
    ASSERT_TRUE(guard.arm(std::chrono::seconds(60)));
    write(network(wlan_personal("correct horse")));
    ASSERT_TRUE(guard.arm(std::chrono::seconds(60))) << "again: the picture is still the first";
    ASSERT_TRUE(guard.undo());
    EXPECT_TRUE(manager_.connections.empty());
    EXPECT_FALSE(guard.is_armed());

    ASSERT_TRUE(guard.arm(std::chrono::seconds(60)));
    write(network(wlan_personal("correct horse")));
    ASSERT_EQ(*guard.keep(), NetworkGuard::Verdict::kept);
    EXPECT_TRUE(manager_.checkpoints.empty());
    EXPECT_EQ(manager_.connections.size(), 1U);

    ASSERT_TRUE(guard.arm(std::chrono::seconds(60)));
    ASSERT_TRUE(wifi_.erase("Office"));
    manager_.time_passes();
    EXPECT_EQ(manager_.connections.size(), 1U);
    ASSERT_EQ(*guard.keep(), NetworkGuard::Verdict::had_been_undone);

    AbsentBus none;
    CheckpointGuard helpless(none);
    EXPECT_EQ(helpless.arm(std::chrono::seconds(60)).error().fault, Fault::unsupported);
    EXPECT_FALSE(helpless.is_armed());
}

}  // namespace
}  // namespace steward::platform

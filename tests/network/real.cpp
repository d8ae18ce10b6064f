// The same promises against a real NetworkManager, whose bus is named by DBUS_SYSTEM_BUS_ADDRESS. Run by
// tests/functional/wifi.sh in name spaces of its own: never on the machine's own bus.
#include <gtest/gtest.h>
#include <time.h>

#include <cstdlib>

#include "platform/base/certificate.h"
#include "platform/linux/files.h"
#include "platform/linux/network_guard.h"
#include "platform/linux/wifi.h"
#include "tests/support/issuer.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/wlan_documents.h"

namespace steward::platform {
namespace {

using namespace test;

WifiNetwork network(const std::string& document) {
    WifiNetwork made;
    made.profile = std::move(*parse_wlan_profile(document));
    return made;
}

class RealNetworkManager : public ::testing::Test {
  protected:
    void SetUp() override {
        if (std::getenv("STEWARD_PRIVATE_BUS") == nullptr) GTEST_SKIP() << "run by tests/functional/wifi.sh alone";
    }
    void TearDown() override {
        const auto names = wifi_.names();
        if (!names) return;
        for (const auto& name : *names) EXPECT_TRUE(wifi_.erase(name));
    }
    void expect_as_written(const std::string& document) {
        const auto wanted = network(document);
        const auto written = wifi_.write("Office", wanted);
        ASSERT_TRUE(written) << written.error().what << " " << written.error().evidence;
        auto now = wifi_.read("Office");
        ASSERT_TRUE(now) << now.error().what << " " << now.error().evidence;
        ASSERT_TRUE(now->profile) << document;
        EXPECT_EQ(wlan_profile_text(*now->profile), without_wlan_key(document));
    }
    TemporaryDirectory root_;
    Files files_{root_.path()};
    SystemBus bus_;
    LinuxWifi wifi_{bus_, files_};
};

TEST_F(RealNetworkManager, EveryKindOfNetworkComesBackAsItWas) {
    const std::string key = "correct horse";
    for (const auto& security :
         {wlan_encryption("open", "none"), wlan_encryption("OWE", "AES"),
          wlan_encryption("WPA2PSK", "AES") + wlan_key(key),
          wlan_encryption("WPA2PSK", "AES") + wlan_key(std::string(64, 'b'), "networkKey"),
          wlan_encryption("WPA3SAE", "AES") + wlan_key(key),
          wlan_encryption("WPA3SAE", "AES", "false", "<transitionMode>1</transitionMode>") + wlan_key(key)}) {
        for (const auto* more :
             {"", "<MacRandomization><enableRandomization>false</enableRandomization></MacRandomization>",
              "<MacRandomization><enableRandomization>true</enableRandomization></MacRandomization>",
              "<MacRandomization><enableRandomization>true</enableRandomization><randomizeEveryday>true"
              "</randomizeEveryday></MacRandomization>"}) {
            SCOPED_TRACE(security + more);
            expect_as_written(wlan_document(security, "Office", more));
        }
    }
    EXPECT_EQ(wifi_.names()->size(), 1U);
    ASSERT_TRUE(wifi_.erase("Office"));
    EXPECT_EQ(wifi_.read("Office").error().fault, Fault::not_found);
    EXPECT_TRUE(wifi_.erase("Office"));
}

TEST_F(RealNetworkManager, ProxyAndCostComeBackToo) {
    auto wanted = network(wlan_personal("correct horse"));
    wanted.pac_url = "http://proxy.example/pac";
    wanted.cost = WifiNetwork::unrestricted;
    ASSERT_TRUE(wifi_.write("Office", wanted));
    auto now = wifi_.read("Office");
    ASSERT_TRUE(now);
    EXPECT_EQ(now->pac_url, wanted.pac_url);
    EXPECT_EQ(now->cost, wanted.cost);
    wanted.pac_url.reset();
    wanted.discover_proxy = true;
    wanted.cost.reset();
    ASSERT_TRUE(wifi_.write("Office", wanted));
    now = wifi_.read("Office");
    EXPECT_EQ(now->discover_proxy, true);
    EXPECT_EQ(now->cost, std::nullopt);
}

// What NetworkManager says is recognised as what was asked for, however it spells it.
TEST_F(RealNetworkManager, ASecondWriteTouchesNothing) {
    struct Counting final : Bus {
        Bus& inner;
        int changes = 0;
        explicit Counting(Bus& bus) : inner(bus) {}
        Result<BusValues> call(const BusCall& call) override {
            if (call.member == "Update2" || call.member == "AddConnection2") ++changes;
            return inner.call(call);
        }
    };
    Counting counting(bus_);
    LinuxWifi wifi(counting, files_);
    auto wanted = network(wlan_personal("correct horse"));
    wanted.pac_url = "http://proxy.example/pac";
    wanted.cost = WifiNetwork::fixed;
    wanted.profile->hidden = true;
    wanted.profile->automatic = false;
    ASSERT_TRUE(wifi.write("Office", wanted));
    ASSERT_TRUE(wifi.write("Office", wanted));
    EXPECT_EQ(counting.changes, 1);
    wanted.profile->key = "battery staple";
    ASSERT_TRUE(wifi.write("Office", wanted));
    EXPECT_EQ(counting.changes, 2) << "another key is a change";
}

TEST_F(RealNetworkManager, AnEnterpriseNetworkIsAccepted) {
    Issuer authority("Test CA");
    const auto pem = to_pem(authority.certificate());
    const auto print = thumbprint_of(authority.certificate());
    root_.write("/etc/steward/wifi/authorities.pem", pem);
    root_.write("/etc/steward/wifi/identity", "host/pc1");
    root_.write("/etc/steward/wifi/password", "a secret");
    for (const auto& document :
         {wlan_enterprise(25, wlan_server("radius.example.com", print) + "<Eap><Type>26</Type></Eap>"),
          wlan_enterprise(21, wlan_server(".*\\.example\\.com", print, "TrustedRootCAHashes") +
                                  "<Phase2Authentication><PAPAuthentication/></Phase2Authentication>"),
          wlan_enterprise(21, wlan_server("a.example;b.example", print, "TrustedRootCAHashes") +
                                  "<Phase2Authentication><Eap><Type>26</Type></Eap></Phase2Authentication>"),
          wlan_enterprise(25, wlan_server("radius.example.com", print) + "<Eap><Type>26</Type></Eap>", "WPA3ENT")}) {
        SCOPED_TRACE(document);
        expect_as_written(document);
    }
}

TEST_F(RealNetworkManager, AGuardBringsBackWhatWas) {
    CheckpointGuard guard(bus_);
    const auto armed = guard.arm(std::chrono::seconds(60));
    ASSERT_TRUE(armed) << armed.error().what << armed.error().evidence;
    ASSERT_TRUE(wifi_.write("Office", network(wlan_personal("the wrong key"))));
    ASSERT_TRUE(guard.arm(std::chrono::seconds(60)));
    ASSERT_TRUE(guard.undo());
    EXPECT_TRUE(wifi_.names()->empty()) << "a network that came after the checkpoint goes with it";

    ASSERT_TRUE(guard.arm(std::chrono::seconds(60)));
    ASSERT_TRUE(wifi_.write("Office", network(wlan_personal("the good key"))));
    const auto kept = guard.keep();
    ASSERT_TRUE(kept) << kept.error().what << kept.error().evidence;
    EXPECT_EQ(*kept, NetworkGuard::Verdict::kept);
    EXPECT_EQ(wifi_.names()->size(), 1U);
}

TEST_F(RealNetworkManager, AGuardActsByItselfWhenItsTimeIsUp) {
    CheckpointGuard guard(bus_);
    ASSERT_TRUE(guard.arm(std::chrono::seconds(1)));
    ASSERT_TRUE(wifi_.write("Office", network(wlan_personal("the wrong key"))));
    const BusObject manager{network_manager_service, network_manager_path, network_manager_service};
    for (int tries = 0; tries < 2000; ++tries) {  // each try is a round trip to NetworkManager
        const auto checkpoints = get_property(bus_, manager, "Checkpoints");
        ASSERT_TRUE(checkpoints) << checkpoints.error().what;
        if (checkpoints->elements().empty()) break;
        ASSERT_TRUE(bus_.call({network_manager_service, network_manager_path, "org.freedesktop.DBus.Peer", "Ping"}));
        ::timespec moment{0, 10'000'000};
        ::nanosleep(&moment, nullptr);
    }
    EXPECT_TRUE(wifi_.names()->empty());
    const auto kept = guard.keep();
    ASSERT_TRUE(kept) << kept.error().what << kept.error().evidence;
    EXPECT_EQ(*kept, NetworkGuard::Verdict::had_been_undone);
}

}  // namespace
}  // namespace steward::platform

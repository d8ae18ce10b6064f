// What Windows says of itself: by the real calls where they exist everywhere, by a script where they don't.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/windows/adapters.h"
#include "platform/windows/battery.h"
#include "platform/windows/health.h"
#include "platform/windows/identity.h"
#include "platform/windows/screens.h"
#include "platform/windows/smbios.h"
#include "platform/windows/uplink.h"
#include "platform/windows/wmi.h"
#include "tests/windows/private_registry.h"
#include "tests/windows/scripted_bit_locker.h"

namespace steward::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::MatchesRegex;

std::string smbios(const std::string& structures) {
    return std::string("\0\3\5\0", 4) + std::string("\0\0\0\0", 4) + structures;
}

const std::string firmware_structure = std::string("\0\x18\0\0\1\2", 6) + std::string(18, '\0') +
                                       std::string(
                                           "Maker\0"
                                           "1.23\0\0",
                                           12);
const std::string system_structure = std::string("\1\x1B\1\0\1\2\3\4", 8) + std::string(17, '\0') +
                                     std::string("\5\0", 2) +
                                     std::string(
                                         "LENOVO\0"
                                         "20XW\0"
                                         "ThinkPad X1\0"
                                         "To Be Filled By O.E.M.\0"
                                         "SKU_1\0\0",
                                         54);

TEST(Smbios, TellsTheMachine) {
    const auto facts = read_smbios(smbios(firmware_structure + system_structure));
    EXPECT_EQ(facts.version, "3.5");
    EXPECT_EQ(facts.firmware_version, "1.23");
    EXPECT_EQ(facts.manufacturer, "LENOVO");
    EXPECT_EQ(facts.model, "20XW");
    EXPECT_EQ(facts.hardware_version, "ThinkPad X1");
    EXPECT_EQ(facts.serial_number, std::nullopt) << "a filler is nothing";
    EXPECT_EQ(facts.sku, "SKU_1");
}

TEST(Smbios, WhateverIsCutOffIsLeftOut) {
    const auto whole = smbios(firmware_structure + system_structure);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto facts = read_smbios(whole.substr(0, size));
        EXPECT_EQ(facts.manufacturer, std::nullopt) << size;
    }
    auto damaged = whole;
    damaged[9] = '\1';  // a structure shorter than its own head
    EXPECT_EQ(read_smbios(damaged).firmware_version, std::nullopt);
}

TEST(WindowsIdentity, IsReadFromTheRegistryAndTheSystem) {
    const std::string key = R"(SOFTWARE\Microsoft\Windows NT\CurrentVersion)";
    test::PrivateRegistry device;
    FixedClock clock;
    clock.time = Instant(std::chrono::seconds(1'700'000'000));
    WindowsIdentity identity(device.registry(), clock, "id-1");
    EXPECT_EQ(identity.read()->os_name, std::nullopt);
    EXPECT_EQ(identity.read()->hardware_id, std::nullopt);
    device.set(key, "ProductName", text_value("Windows 10 Pro"));
    device.set(key, "CurrentBuildNumber", text_value("22631"));
    device.set(key, "CurrentMajorVersionNumber", dword(10));
    device.set(key, "CurrentMinorVersionNumber", dword(0));
    device.set(key, "UBR", dword(4460));
    device.set(key, "EditionID", text_value("Professional"));
    device.set(R"(SOFTWARE\Microsoft\Cryptography)", "MachineGuid", text_value("a-b-c"));
    const auto facts = *identity.read();
    EXPECT_EQ(facts.device_id, "id-1");
    EXPECT_EQ(facts.os_name, "Windows 11 Pro");
    EXPECT_EQ(facts.os_edition, "Professional");
    EXPECT_EQ(facts.os_version, "10.0.22631.4460");
    EXPECT_EQ(facts.hardware_id->size(), 64U);
    EXPECT_EQ(facts.hardware_id->find("a-b-c"), std::string::npos);
    // By the real calls.
    EXPECT_FALSE(facts.host_name.value_or("").empty());
    EXPECT_EQ(facts.processor_architecture, 9);
    EXPECT_EQ(facts.processor_type, 8664);
    EXPECT_GT(facts.total_ram_mib, 0);
    EXPECT_GT(facts.free_storage_mib, 0);
    EXPECT_THAT(facts.local_time.value_or(""), MatchesRegex("2023-11-1.T..:..:20...:.."));
    EXPECT_EQ(identity.write({}).error().fault, Fault::refused);
}

TEST(WindowsFacts, AdaptersHaveAddresses) {
    const auto real = system_adapters();
    ASSERT_TRUE(real) << real.error().evidence;
    for (const auto& [address, adapter] : *real) {
        EXPECT_EQ(address.size(), 17U);
        EXPECT_FALSE(adapter.interface->empty());
    }
    Adapter one;
    one.interface = "Ethernet";
    WindowsAdapters adapters([&]() -> Result<Adapters> { return Adapters{{"52:54:00:ab:cd:ef", one}}; });
    EXPECT_THAT(*adapters.names(), ElementsAre("52:54:00:ab:cd:ef"));
    EXPECT_EQ(adapters.read("52:54:00:AB:CD:EF")->interface, "Ethernet");
    EXPECT_EQ(adapters.read("00:00:00:00:00:01").error().fault, Fault::not_found);
    EXPECT_EQ(adapters.write("x", {}).error().fault, Fault::refused);
}

TEST(WindowsFacts, TheBatteryIsRead) {
    WindowsBattery battery;
    ASSERT_TRUE(battery.read());
    EXPECT_TRUE(battery.read()->seconds_left);
    EXPECT_EQ(battery.write({}).error().fault, Fault::refused);
}

TEST(WindowsFacts, AConnectionCostsOrItDoesNot) {
    std::uint32_t cost = 0;
    WindowsUplink uplink([&]() -> Result<std::uint32_t> { return cost; });
    EXPECT_EQ(uplink.read()->metered, std::nullopt);
    cost = 1;
    EXPECT_EQ(uplink.read()->metered, false);
    cost = 2;
    EXPECT_EQ(uplink.read()->metered, true);
    cost = 4 | 0x10000;  // variable, and over its limit
    EXPECT_EQ(uplink.read()->metered, true);
}

TEST(SystemWmi, TellsRowsAndWhatIsNotThere) {
    SystemWmi wmi;
    const auto rows = wmi.query(R"(root\cimv2)", "SELECT * FROM Win32_OperatingSystem");
    ASSERT_TRUE(rows) << rows.error().what << rows.error().evidence;
    ASSERT_EQ(rows->size(), 1U);
    EXPECT_FALSE(text_of(rows->front(), "Caption").value_or("").empty());
    EXPECT_GT(number_of(rows->front(), "ProcessId").value_or(1), 0);
    EXPECT_EQ(text_of(rows->front(), "NoSuchProperty"), std::nullopt);
    const auto absent = wmi.query(R"(root\cimv2\NoSuchSpace)", "SELECT * FROM Nothing");
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().fault, Fault::unsupported);
    EXPECT_EQ(wmi.query(R"(root\cimv2)", "this is no question").error().fault, Fault::io);
}

struct ScriptedHealth final : HealthCalls {
    std::optional<int> version;
    std::optional<bool> dma;
    std::map<Provider, int> guards;
    std::optional<std::string> joined;
    std::optional<int> tpm_version() override { return version; }
    std::optional<bool> dma_guarded() override { return dma; }
    std::optional<int> guard(Provider provider) override {
        const auto found = guards.find(provider);
        return found == guards.end() ? std::nullopt : std::optional(found->second);
    }
    std::optional<std::string> domain() override { return joined; }
};

struct ScriptedCenter final : Wmi {
    std::optional<std::vector<WmiObject>> products;
    Result<std::vector<WmiObject>> query(const std::string& space, const std::string&) override {
        if (space != R"(root\SecurityCenter2)" || !products) return Error{Fault::unsupported, "Not here.", ""};
        return *products;
    }
    Result<WmiObject> call(const std::string&, const std::string&, const std::string&, const WmiObject&) override {
        return Error{Fault::unsupported, "Not here.", ""};
    }
};

TEST(WindowsHealth, TellsWhatIsKnownAndNothingElse) {
    test::PrivateRegistry device;
    test::ScriptedBitLocker volumes;
    volumes.present = false;
    BitLocker bit_locker(volumes);
    ScriptedCenter center;
    ScriptedHealth calls;
    WindowsHealth health(device.registry(), center, bit_locker, calls);
    auto facts = *health.read();
    EXPECT_EQ(facts.secure_boot, 0);
    EXPECT_EQ(facts.system_encrypted, std::nullopt);
    EXPECT_EQ(facts.tpm_version, std::nullopt);
    EXPECT_EQ(facts.antivirus, std::nullopt);
    EXPECT_EQ(facts.antivirus_signatures, std::nullopt);
    EXPECT_EQ(facts.firewall, std::nullopt);
    EXPECT_EQ(facts.domain, std::nullopt);

    device.set(R"(SYSTEM\CurrentControlSet\Control\SecureBoot\State)", "UEFISecureBootEnabled", dword(1));
    volumes.present = true;
    volumes.disks.push_back({R"(\\?\Volume{1}\)", "C:", 0, 1, 1, 6, false, {}});
    calls.version = 2;
    calls.dma = true;
    calls.guards = {{HealthCalls::Provider::firewall, 0}, {HealthCalls::Provider::antivirus, 3}};
    calls.joined = "";
    center.products = {{{"productState", std::int64_t{0x61000}}}};
    facts = *health.read();
    EXPECT_EQ(facts.secure_boot, 1);
    EXPECT_EQ(facts.system_encrypted, true);
    EXPECT_EQ(facts.tpm_version, "2.0");
    EXPECT_EQ(facts.dma_protection, 1);
    EXPECT_EQ(facts.firewall, 0);
    EXPECT_EQ(facts.antivirus, 1);
    EXPECT_EQ(facts.antivirus_signatures, 1);
    EXPECT_EQ(facts.domain, "");
    center.products->front()["productState"] = std::int64_t{0x61010};
    EXPECT_EQ(health.read()->antivirus_signatures, 0);
    center.products->clear();
    EXPECT_EQ(health.read()->antivirus, 4);
    EXPECT_EQ(health.read()->antivirus_signatures, 2);
    volumes.disks.front().protection = 0;
    EXPECT_EQ(health.read()->system_encrypted, false);
}

TEST(WindowsHealth, CallsThatAreNotHereEndNothing) {
    // Wine has none of them; the answer is "unknown", and this process goes on.
    auto& calls = health_calls();
    (void)calls.guard(HealthCalls::Provider::firewall);
    (void)calls.dma_guarded();
    const auto version = calls.tpm_version();
    EXPECT_TRUE(!version || *version == 1 || *version == 2);
}

struct ScriptedSessions final : SessionCalls {
    std::vector<TerminalSession> sessions;
    std::vector<unsigned> disconnected;
    std::optional<unsigned> stubborn;
    Outcome next;
    Result<std::vector<TerminalSession>> list() override { return sessions; }
    Outcome disconnect(unsigned id) override {
        if (!next) return std::exchange(next, Outcome());
        disconnected.push_back(id);
        for (auto& session : sessions) {
            if (session.id == id && stubborn != id) session.at_screen = false;
        }
        return {};
    }
};

TEST(WindowsScreens, EverySessionThatIsOpenIsLocked) {
    ScriptedSessions calls;
    calls.sessions = {{0, "", false, std::nullopt},
                      {1, "LAPTOP7\\anna", true, false},
                      {2, "LAPTOP7\\ben", true, true},
                      {3, "LAPTOP7\\anna", false, std::nullopt},
                      {4, "D\\eve", true, std::nullopt}};
    WindowsScreens screens(calls);
    ASSERT_TRUE(screens.lock_all());
    EXPECT_THAT(calls.disconnected, ElementsAre(1, 4));
    WindowsLogins logins(calls);
    EXPECT_THAT(logins.read()->users, ElementsAre("D\\eve", "LAPTOP7\\anna", "LAPTOP7\\ben"));
    EXPECT_EQ(logins.write({}).error().fault, Fault::refused);
}

TEST(WindowsScreens, WhatStaysOpenIsNamedAndTheOthersAreLockedAllTheSame) {
    ScriptedSessions calls;
    calls.sessions = {{1, "anna", true, false}, {2, "ben", true, false}};
    calls.stubborn = 1;
    WindowsScreens screens(calls);
    const auto locked = screens.lock_all();
    ASSERT_FALSE(locked);
    EXPECT_NE(locked.error().what.find("anna"), std::string::npos);
    EXPECT_EQ(locked.error().what.find("ben"), std::string::npos);
    calls.stubborn.reset();
    calls.sessions = {{1, "anna", true, false}, {2, "ben", true, false}};
    calls.disconnected.clear();
    calls.next = Error{Fault::denied, "No.", ""};
    EXPECT_EQ(screens.lock_all().error().fault, Fault::denied);
    EXPECT_THAT(calls.disconnected, ElementsAre(2));
}

TEST(WindowsScreens, TheRealSessionsCanBeListed) {
    EXPECT_TRUE(session_calls().list());
}

}  // namespace
}  // namespace steward::platform

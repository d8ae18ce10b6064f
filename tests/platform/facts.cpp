// Identity, health, adapters and logins of the private Debian root.
#include <gtest/gtest.h>

#include <filesystem>

#include "platform/linux/adapters.h"
#include "platform/linux/battery.h"
#include "platform/linux/health.h"
#include "platform/linux/host.h"
#include "platform/linux/identity.h"
#include "platform/linux/logins.h"
#include "tests/support/debian_root.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

class FactsTest : public ::testing::Test {
  protected:
    FactsTest() { test::make_debian_root(root_.path()); }

    Identity identity() {
        auto read = LinuxIdentity(files_, clock_, "device").read();
        EXPECT_TRUE(read);
        return read ? *read : Identity();
    }
    Health health() {
        auto read = LinuxHealth(files_, luks_, clock_).read();
        EXPECT_TRUE(read);
        return read ? *read : Health();
    }

    test::TemporaryDirectory root_;
    Cryptsetup luks_{root_.path()};
    FixedClock clock_;
    Files files_{root_.path()};
};

TEST_F(FactsTest, WhoTheDeviceIs) {
    const auto who = identity();
    EXPECT_EQ(who.device_id, "device");
    EXPECT_EQ(who.manufacturer, "LENOVO");
    EXPECT_EQ(who.model, "20XWCTO1WW");
    EXPECT_EQ(who.serial_number, "PF0ABCDE");
    EXPECT_EQ(who.smbios_version, "3.3");
    EXPECT_EQ(who.firmware_version, "N32ET86W (1.62 )");
    EXPECT_EQ(who.hardware_version, "ThinkPad X1 Carbon Gen 9");
    EXPECT_EQ(who.os_name, "Debian GNU/Linux 12 (bookworm)");
    EXPECT_EQ(who.os_version, "12");
    EXPECT_EQ(who.language, "de-DE");
    EXPECT_EQ(who.host_name, "laptop7");
    EXPECT_EQ(who.dns_name, "laptop7.example.org");
    EXPECT_EQ(who.resolution, "1920x1200");
    EXPECT_EQ(who.total_ram_mib, 15719);
    EXPECT_EQ(who.total_storage_mib, 488386) << "loop devices don't count";
    EXPECT_GT(who.free_storage_mib.value_or(-1), -1);
    ASSERT_TRUE(who.hardware_id);
    EXPECT_EQ(who.hardware_id->find("6d0f3b1a"), std::string::npos) << "the machine id stays private";
}

TEST_F(FactsTest, FillersAreNoNames) {
    root_.write("/sys/class/dmi/id/sys_vendor", "To Be Filled By O.E.M.\n");
    std::filesystem::remove_all(root_.below("/sys/class/dmi/id/product_name"));
    root_.write("/proc/device-tree/model", std::string("Raspberry Pi 4\0", 15));
    EXPECT_EQ(identity().manufacturer, std::nullopt);
    EXPECT_EQ(identity().model, "Raspberry Pi 4");
}

TEST_F(FactsTest, AnEmptyRootKnowsNothingAndSaysSo) {
    const test::TemporaryDirectory empty;
    const Files files(empty.path());
    const auto who = LinuxIdentity(files, clock_, "").read();
    ASSERT_TRUE(who);
    EXPECT_EQ(who->device_id, std::nullopt);
    EXPECT_EQ(who->manufacturer, std::nullopt);
    EXPECT_EQ(who->os_version, std::nullopt);
    EXPECT_EQ(who->total_storage_mib, std::nullopt);
    EXPECT_EQ(who->hardware_id, std::nullopt);
    const auto how = LinuxHealth(files, luks_, clock_).read();
    ASSERT_TRUE(how);
    EXPECT_EQ(how->system_encrypted, std::nullopt);
    EXPECT_EQ(how->tpm_version, std::nullopt);
    EXPECT_EQ(how->firewall, std::nullopt);
    EXPECT_EQ(LinuxBattery(files).read()->flags, std::nullopt);
}

TEST(LanguageTag, OfLocales) {
    EXPECT_EQ(language_tag("de_DE.UTF-8"), "de-DE");
    EXPECT_EQ(language_tag("ca_ES@valencia"), "ca-ES");
    EXPECT_EQ(language_tag("C.UTF-8"), "en");
    EXPECT_EQ(language_tag(""), "en");
}

TEST(Processor, HasTheNumbersOfWindows) {
    EXPECT_EQ(processor_architecture("x86_64"), 9);
    EXPECT_EQ(processor_type("x86_64"), 8664);
    EXPECT_EQ(processor_architecture("aarch64"), 12);
    EXPECT_EQ(processor_architecture("i686"), 0);
    EXPECT_EQ(processor_type("i686"), 586);
    EXPECT_EQ(processor_architecture("armv7l"), 5);
    EXPECT_EQ(processor_architecture("riscv64"), std::nullopt);
    EXPECT_EQ(processor_type("riscv64"), std::nullopt);
}

TEST_F(FactsTest, HowTheDeviceIs) {
    const auto how = health();
    EXPECT_EQ(how.secure_boot, 1);
    EXPECT_EQ(how.system_encrypted, true) << "a volume group inside LUKS";
    EXPECT_EQ(how.tpm_version, "2.0");
    EXPECT_EQ(how.antivirus, 4);
    const auto battery = LinuxBattery(files_).read();
    ASSERT_TRUE(battery);
    EXPECT_EQ(battery->flags, battery_high);
    EXPECT_EQ(battery->seconds_left, 4 * 3600);
    EXPECT_EQ(battery->seconds_full, 5 * 3600);
    EXPECT_EQ(how.domain, "");
}

TEST_F(FactsTest, ANameDoesNotMakeAVolumeEncrypted) {
    root_.write("/sys/dev/block/253:1/slaves/dm-0/slaves/nvme0n1p3/size", "1\n");
    root_.write("/sys/dev/block/253:1/slaves/dm-0/dm/uuid", "LVM-crypt\n");
    EXPECT_EQ(health().system_encrypted, false);
    root_.write("/sys/dev/block/253:1/slaves/dm-0/dm/uuid", "CRYPT-LUKS2-x\n");
    root_.write("/sys/dev/block/253:1/slaves/sdb1/size", "1\n");
    EXPECT_EQ(health().system_encrypted, false) << "half of it lies open";
}

TEST_F(FactsTest, SecureBootOffAndAbsent) {
    root_.write("/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
                std::string("\x06\0\0\0\0", 5));
    EXPECT_EQ(health().secure_boot, 2);
    std::filesystem::remove_all(root_.below("/sys/firmware/efi"));
    EXPECT_EQ(health().secure_boot, 0);
}

TEST_F(FactsTest, AntivirusByWhatRuns) {
    root_.write("/usr/sbin/clamd", "");
    root_.write("/run/clamav/clamd.pid", "77\n");
    root_.write("/var/lib/clamav/daily.cvd", "");
    clock_.time = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    EXPECT_EQ(health().antivirus, 1) << "a pid file alone is no process";
    EXPECT_EQ(health().antivirus_signatures, 1);
    root_.write("/proc/77/stat", "");
    EXPECT_EQ(health().antivirus, 0);
    clock_.time += std::chrono::hours(8 * 24);
    EXPECT_EQ(health().antivirus_signatures, 0);
    root_.write("/opt/microsoft/mdatp/conf", "");
    EXPECT_EQ(health().antivirus, std::nullopt) << "only its own tool can tell";
}

TEST_F(FactsTest, AdaptersByHardwareAddress) {
    const std::vector<InterfaceAddress> addresses = {{"lo", false, true, "127.0.0.1", "255.0.0.0"},
                                                     {"wlp0s20f3", true, false, "fe80::1", ""},
                                                     {"wlp0s20f3", true, true, "2001:db8::7", ""},
                                                     {"wlp0s20f3", false, true, "192.0.2.7", "255.255.255.0"}};
    LinuxAdapters adapters(files_, [&]() -> Result<std::vector<InterfaceAddress>> { return addresses; });
    const auto names = adapters.names();
    ASSERT_TRUE(names);
    EXPECT_EQ(*names, (std::vector<std::string>{"52:54:00:12:34:56", "a4:34:d9:01:02:03"}));
    const auto wireless = adapters.read("A4:34:D9:01:02:03");
    ASSERT_TRUE(wireless);
    EXPECT_EQ(wireless->kind, Adapter::wireless);
    EXPECT_EQ(wireless->connected, true);
    EXPECT_EQ(wireless->ipv4, "192.0.2.7");
    EXPECT_EQ(wireless->ipv4_netmask, "255.255.255.0");
    EXPECT_EQ(wireless->ipv6, "2001:db8::7");
    const auto wired = adapters.read("52:54:00:12:34:56");
    ASSERT_TRUE(wired);
    EXPECT_EQ(wired->kind, Adapter::wired);
    EXPECT_EQ(wired->connected, false);
    EXPECT_EQ(wired->ipv4, std::nullopt);
    EXPECT_EQ(adapters.read("00:00:00:00:00:00").error().fault, Fault::not_found);
    EXPECT_EQ(adapters.write("52:54:00:12:34:56", {}).error().fault, Fault::refused);
}

TEST(SystemAddresses, HaveTheLoopback) {
    const auto addresses = system_addresses();
    ASSERT_TRUE(addresses);
    for (const auto& each : *addresses) EXPECT_FALSE(each.address.empty()) << each.interface;
}

TEST_F(FactsTest, WhoIsSignedIn) {
    LinuxLogins logins(files_);
    auto read = logins.read();
    ASSERT_TRUE(read);
    EXPECT_EQ(read->users, std::vector<std::string>{"user"}) << "the greeter is nobody";
    root_.write("/run/systemd/sessions/5", "USER=alice\nCLASS=user\nSTATE=closing\n");
    root_.write("/run/systemd/sessions/6", "USER=admin\nCLASS=user\nSTATE=online\n");
    EXPECT_EQ(logins.read()->users, (std::vector<std::string>{"admin", "user"}));
    std::filesystem::remove_all(root_.below("/run/systemd"));
    EXPECT_TRUE(logins.read()->users.empty());
}

TEST_F(FactsTest, TheHostHasItAll) {
    LinuxHost linux_host({root_.path(), "device"}, clock_);
    auto& host = linux_host.host();
    EXPECT_EQ(host.identity.read()->device_id, "device");
    EXPECT_EQ(host.passwords.read()->min_length, 8);
    EXPECT_EQ(host.health.read()->secure_boot, 1);
    EXPECT_EQ(host.adapters.names()->size(), 2U);
    EXPECT_EQ(host.logins.read()->users.size(), 1U);
    EXPECT_EQ(host.identity.write({}).error().fault, Fault::refused);
}

}  // namespace
}  // namespace steward::platform

#include "platform/linux/apt_packages.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "platform/linux/processes.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

constexpr const char* simulated = R"(NOTE: This is only a simulation!
Reading package lists... Done
Inst libssl3 [3.0.16-1~deb12u1] (3.0.17-1~deb12u3 Debian-Security:12/stable-security [amd64])
Inst linux-image-6.1.0-41-amd64 (6.1.158-1 Debian-Security:12/stable-security [amd64])
Inst tzdata [2025a-0+deb12u1] (2025b-0+deb12u1 Debian:12.11/stable, Debian:12-updates/stable-updates [all]) []
Conf libssl3 (3.0.17-1~deb12u3 Debian-Security:12/stable-security [amd64])
)";

struct Scripted final : Processes {
    Result<Ended> run(const Command& command) override {
        asked.push_back(command.arguments);
        const bool apt_get = command.arguments[0] == "/usr/bin/apt-get";
        if (apt_get) ++runs;
        return Ended{code, apt_get ? simulated : "", "E: broken\n"};
    }
    std::vector<std::vector<std::string>> asked;
    int runs = 0, code = 0;
};

class AptPackagesTest : public ::testing::Test {
  protected:
    AptPackagesTest() { root_.write("/usr/bin/apt-config", ""); }
    test::TemporaryDirectory root_;
    Files files_{root_.path()};
    Scripted processes_;
    FixedClock clock_;
};

TEST_F(AptPackagesTest, WhatAptWouldInstall) {
    const auto updates = AptPackages(files_, processes_).installable();
    ASSERT_TRUE(updates);
    ASSERT_EQ(updates->size(), 2U) << "a package that is not there yet is no update";
    EXPECT_EQ(updates->at("libssl3_3.0.17-1~deb12u3").kind, 1);
    EXPECT_EQ(updates->at("libssl3_3.0.17-1~deb12u3").previous, "3.0.16-1~deb12u1");
    EXPECT_EQ(updates->at("tzdata_2025b-0+deb12u1").kind, 0);
    EXPECT_EQ(processes_.asked.front()[1], "-s") << "nothing is installed by asking";
    processes_.code = 100;
    EXPECT_EQ(AptPackages(files_, processes_).installable().error().evidence, "E: broken");
}

TEST_F(AptPackagesTest, TheRealAptIsUnderstood) {
    if (!std::filesystem::exists("/usr/bin/apt-get")) GTEST_SKIP() << "apt is not on this machine";
    LinuxProcesses real;
    const Files machine("/");
    const auto updates = AptPackages(machine, real).installable();
    EXPECT_TRUE(updates) << updates.error().what << updates.error().evidence;
}

TEST_F(AptPackagesTest, AListIsMadeOnceForAllItsRows) {
    UpdateTable table([&] { return AptPackages(files_, processes_).installable(); });
    const auto rows = table.all_at_once();
    ASSERT_TRUE(rows && *rows);
    EXPECT_EQ((*rows)->size(), table.names()->size());
    EXPECT_EQ(processes_.runs, 2);
    EXPECT_EQ(table.read("nothing_1").error().fault, Fault::not_found);
    EXPECT_EQ(table.erase("x").error().fault, Fault::refused);
}

TEST_F(AptPackagesTest, WhatWasInstalledAndWhen) {
    ::setenv("TZ", "Europe/Berlin", 1);
    ::tzset();
    root_.write("/var/log/apt/history.log", R"(
Start-Date: 2026-11-20  06:12:30
Commandline: /usr/bin/unattended-upgrade
Upgrade: libssl3:amd64 (3.0.16-1~deb12u1, 3.0.17-1~deb12u3), tzdata:all (2025a-0+deb12u1, 2025b-0+deb12u1)
End-Date: 2026-11-20  06:12:41

Start-Date: 2026-11-21  10:00:00
Install: vim:amd64 (9.0)
End-Date: 2026-11-21  10:00:01
)");
    const auto updates = AptPackages(files_, processes_).installed();
    ::unsetenv("TZ");
    ::tzset();
    ASSERT_TRUE(updates);
    ASSERT_EQ(updates->size(), 2U);
    EXPECT_EQ(updates->at("libssl3_3.0.17-1~deb12u3").when, "2026-11-20T05:12:30Z");
    EXPECT_EQ(updates->at("tzdata_2025b-0+deb12u1").previous, "2025a-0+deb12u1");
}

TEST_F(AptPackagesTest, WhatFailedAndWhatWantsARestart) {
    root_.write("/var/lib/dpkg/status",
                "Package: good\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n"
                "Package: broken\nStatus: install ok half-configured\nArchitecture: amd64\nVersion: 2\n\n"
                "Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 3\n\n"
                "Package: again\nStatus: install reinstreq half-installed\nArchitecture: amd64\nVersion: 4\n");
    if (!std::filesystem::exists("/usr/bin/dpkg-query")) GTEST_SKIP() << "dpkg is not on this machine";
    LinuxProcesses real;
    AptPackages apt(files_, real);
    const auto failed = apt.failed();
    ASSERT_TRUE(failed);
    ASSERT_EQ(failed->size(), 2U);
    EXPECT_NE(failed->at("broken_2").reason->find("half-configured"), std::string::npos);
    EXPECT_TRUE(failed->contains("again_4"));

    root_.write("/run/reboot-required.pkgs", "good\nforeign\n");
    EXPECT_TRUE(apt.pending_restart()->empty()) << "nobody wants a restart any more";
    root_.write("/run/reboot-required", "*** System restart required ***\n");
    const auto pending = apt.pending_restart();
    ASSERT_TRUE(pending);
    EXPECT_TRUE(pending->contains("good_1"));
    EXPECT_TRUE(pending->contains("foreign_"));
    root_.write("/run/reboot-required.pkgs", "");
    EXPECT_TRUE(apt.pending_restart()->contains("unknown"));
}

}  // namespace
}  // namespace steward::platform

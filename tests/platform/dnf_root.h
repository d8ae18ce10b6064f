// A private root in which the real dnf and the real rpm work, with a few packages of rpm_archive.sh installed.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "platform/linux/processes.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform::test {

using steward::test::TemporaryDirectory;

class DnfRoot {
  public:
    static bool possible() {
        for (const auto* tool : {"/usr/bin/dnf", "/usr/bin/rpmbuild", "/usr/bin/createrepo_c"}) {
            if (!std::filesystem::exists(tool)) return false;
        }
        return true;
    }
    explicit DnfRoot(const TemporaryDirectory& root) : root_(root) {
        root_.write("/usr/bin/dnf", "");
        root_.write("/usr/bin/dnf-automatic", "");
        root_.write("/etc/yum.repos.d/lab.repo",
                    "[lab]\nname=lab\nbaseurl=file://" + archive() + "/archive\ngpgcheck=0\n");
        root_.write("/etc/dnf/dnf.conf", "[main]\ngpgcheck=0\nexcludepkgs=never-installed\n");
        root_.write("/etc/dnf/automatic.conf",
                    "[commands]\nupgrade_type = default\ndownload_updates = yes\napply_updates = no\n\n"
                    "[emitters]\nemit_via = stdio\n\n[base]\ndebuglevel = 1\n");
        const std::string units = "/usr/lib/systemd/system/";
        root_.write(units + "dnf-automatic.timer", "[Timer]\nOnCalendar=*-*-* 6:00\nRandomizedDelaySec=60m\n");
        root_.write(units + "dnf-automatic.service", "[Service]\nExecStart=/usr/bin/dnf-automatic\n");
        root_.write(units + "dnf-automatic-install.timer", "[Timer]\nOnCalendar=*-*-* 6:00\n");
        root_.write(units + "dnf-makecache.timer", "[Timer]\nOnBootSec=10min\nOnUnitInactiveSec=1h\n");
        root_.write(units + "dnf-makecache.service", "[Service]\nExecStart=/usr/bin/dnf makecache --timer\n");
        root_.write(units + "timers.target.wants/dnf-makecache.timer", "");
        rpm({"--initdb"});
        for (const auto* name : {"alpha-1.0", "beta-2.0", "kernel-6.0", "linux-firmware-1"}) {
            rpm({"--install", "--force-debian", archive() + "/old/" + name + "-1.noarch.rpm"});
        }
        dnf({"makecache"});
    }
    void rpm(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"/usr/bin/rpm", "--root=" + root_.path()});
        run(std::move(arguments));
    }
    void dnf(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"/usr/bin/dnf", "-q", "-y", "--installroot=" + root_.path()});
        run(std::move(arguments));
    }

  private:
    static void run(std::vector<std::string> arguments) {
        LinuxProcesses processes;
        Command command;
        command.arguments = std::move(arguments);
        const auto ended = processes.run(command);
        ASSERT_TRUE(ended) << ended.error().what;
        EXPECT_EQ(ended->code, 0) << ended->errors;
    }
    static std::string archive() {
        static const TemporaryDirectory directory;
        static const bool made = [] {
            run({STEWARD_SOURCE_DIR "/tests/support/rpm_archive.sh", directory.path()});
            return true;
        }();
        return made ? directory.path() : std::string();
    }

    const TemporaryDirectory& root_;
};

}  // namespace steward::platform::test

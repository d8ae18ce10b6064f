// What the real dnf and the real rpm say, in a private root.
#include "platform/linux/dnf_packages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/text.h"
#include "platform/linux/package_managers.h"
#include "tests/platform/dnf_root.h"

namespace steward::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

std::vector<std::string> names(const Result<PackageUpdates>& updates) {
    std::vector<std::string> names;
    EXPECT_TRUE(updates) << updates.error().what << updates.error().evidence;
    if (updates) {
        for (const auto& entry : *updates) names.push_back(entry.first);
    }
    return names;
}

class DnfPackagesTest : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!test::DnfRoot::possible()) GTEST_SKIP() << "dnf, rpmbuild or createrepo_c is not on this machine";
        device_.emplace(root_);
    }
    // What dnf itself would take.
    std::vector<std::string> free() {
        LinuxProcesses processes;
        Command command;
        command.arguments = {"/usr/bin/dnf",
                             "-q",
                             "--installroot=" + root_.path(),
                             "repoquery",
                             "--upgrades",
                             "--latest-limit=1",
                             "--queryformat=%{name}-%{evr}"};
        const auto ended = processes.run(command);
        EXPECT_TRUE(ended);
        std::vector<std::string> lines;
        for (const auto line : split(ended->output, '\n')) {
            if (!line.empty()) lines.emplace_back(line);
        }
        return lines;
    }
    void keep_back(const UpdateNames& updates) {
        const auto change = packages_.keep_back(updates);
        ASSERT_TRUE(change);
        ASSERT_TRUE(files_.apply({&*change, 1}));
    }

    steward::test::TemporaryDirectory root_;
    std::optional<test::DnfRoot> device_;
    Files files_{root_.path()};
    LinuxProcesses processes_;
    DnfPackages packages_{files_, processes_};
};

TEST_F(DnfPackagesTest, WhatCouldBeInstalled) {
    const auto updates = packages_.installable();
    EXPECT_THAT(names(updates), ElementsAre("alpha_1.1-1", "beta_2.2-1", "linux-firmware_2-1"));
    EXPECT_EQ(updates->at("alpha_1.1-1").kind, 1) << "its advisory says so";
    EXPECT_EQ(updates->at("beta_2.2-1").kind, 0);
    EXPECT_EQ(updates->at("alpha_1.1-1").previous, "1.0-1");
    EXPECT_TRUE(*packages_.last_fetched());
}

TEST_F(DnfPackagesTest, WhatIsKeptBackDnfDoesNotTake) {
    keep_back({"alpha_1.1-1", "beta_2.2-1"});
    EXPECT_THAT(free(), UnorderedElementsAre("beta-2.1-1", "linux-firmware-2-1"));
    EXPECT_THAT(*packages_.kept_back(), ElementsAre("alpha_1.1-1", "beta_2.2-1"));
    EXPECT_THAT(names(packages_.installable()),
                ElementsAre("alpha_1.1-1", "beta_2.1-1", "beta_2.2-1", "linux-firmware_2-1"))
        << "it is told of all the same, with what lies before it";
    EXPECT_THAT(root_.read("/etc/dnf/dnf.conf"), HasSubstr("excludepkgs = never-installed, alpha-1.1-1, beta-2.2-1\n"));
    keep_back({"beta_2.2-1"});
    EXPECT_THAT(free(), UnorderedElementsAre("alpha-1.1-1", "beta-2.1-1", "linux-firmware-2-1"));
    keep_back({});
    EXPECT_EQ(root_.read("/etc/dnf/dnf.conf"), "[main]\ngpgcheck=0\nexcludepkgs=never-installed\n");
}

TEST_F(DnfPackagesTest, WhatWasInstalledAndWhen) {
    EXPECT_THAT(names(packages_.installed()), ElementsAre());
    device_->dnf({"upgrade", "alpha", "beta"});
    const auto updates = packages_.installed();
    EXPECT_THAT(names(updates), ElementsAre("alpha_1.1-1", "beta_2.2-1"));
    EXPECT_EQ(updates->at("alpha_1.1-1").previous, "1.0-1");
    EXPECT_THAT(updates->at("alpha_1.1-1").when.value_or(""), ::testing::StartsWith("20"));
    EXPECT_THAT(names(packages_.installable()), ElementsAre("linux-firmware_2-1"));
}

TEST_F(DnfPackagesTest, WhatWasCutShortIsThereTwice) {
    EXPECT_THAT(names(packages_.failed()), ElementsAre());
    device_->dnf(
        {"--setopt=installonlypkgs=beta", "install", "beta-2.1"});  // as after a cut: the old one is still there
    const auto failed = packages_.failed();
    ASSERT_THAT(names(failed), ElementsAre("beta_2.1-1"));
    EXPECT_THAT(failed->begin()->second.reason.value_or(""), HasSubstr("2 versions"));
}

// Its packages were installed after this machine was started, as far as dnf can tell.
TEST_F(DnfPackagesTest, WhatWantsARestart) {
    if (!std::filesystem::exists("/usr/lib/python3/dist-packages/dnf-plugins/needs_restarting.py")) {
        GTEST_SKIP() << "dnf-plugins-core is not on this machine";
    }
    const auto pending = packages_.pending_restart();
    ASSERT_THAT(names(pending), ElementsAre("kernel_6.0-1", "linux-firmware_1-1"));
    const auto since = packages_.restart_wanted();
    ASSERT_TRUE(since);
    ASSERT_TRUE(*since);
    EXPECT_EQ(iso_extended((**since).time_since_epoch().count()), pending->at("kernel_6.0-1").when);
}

struct Failing final : Processes {
    Result<Ended> run(const Command&) override { return Ended{1, "", errors}; }
    std::string errors;
};

TEST(DnfPackages, WhatDnfCannotTellIsAnError) {
    const steward::test::TemporaryDirectory root;
    const Files files(root.path());
    Failing processes;
    processes.errors = "No such command: needs-restarting. Please use /usr/bin/dnf --help\n";
    DnfPackages packages(files, processes);
    const auto wanted = packages.restart_wanted();
    ASSERT_FALSE(wanted) << "dnf ends with 1 for a yes, too";
    EXPECT_EQ(wanted.error().fault, Fault::unsupported);
    EXPECT_THAT(wanted.error().what, HasSubstr("dnf-plugins-core"));
    processes.errors = "Error: Cache-only enabled but no cache for 'lab'\n";
    EXPECT_THAT(packages.pending_restart().error().evidence, HasSubstr("no cache"));
    EXPECT_EQ(packages.installable().error().fault, Fault::io);
    EXPECT_EQ(packages.failed().error().fault, Fault::io);
}

TEST(PackageManagers, AptComesFirstAndWithoutAnyItIsSaid) {
    const steward::test::TemporaryDirectory root;
    const Files files(root.path());
    Failing processes;
    PackageManagers managers(files, processes);
    EXPECT_EQ(*managers.here(), nullptr);
    EXPECT_EQ(managers.needed().error().fault, Fault::not_found);
    root.write("/usr/bin/dnf", "");
    EXPECT_TRUE(managers.is_dnf(*managers.here()));
    std::filesystem::rename(root.below("/usr/bin/dnf"), root.below("/usr/bin/dnf5"));
    std::filesystem::create_symlink("dnf5", root.below("/usr/bin/dnf"));
    EXPECT_EQ(*managers.here(), nullptr) << "dnf5 is another program";
    root.write("/usr/bin/apt-config", "");
    EXPECT_FALSE(managers.is_dnf(*managers.needed()));
}

}  // namespace
}  // namespace steward::platform

// Updates that wait, with an apt that obeys pins as apt_preferences(5) says.
#include "platform/linux/update_holds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "platform/base/text.h"
#include "platform/linux/update_deadline.h"
#include "platform/linux/updates.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using namespace std::chrono_literals;

struct PinningApt final : Processes {
    explicit PinningApt(const test::TemporaryDirectory& root) : root_(root) {}

    struct Archive {
        std::string name, installed;
        std::vector<std::string> versions;  // newest first
    };
    std::vector<Archive> packages;
    std::string backports;  // a version that is installed only when somebody asks for it
    int installs = 0;

    Result<Ended> run(const Command& command) override {
        const auto& program = command.arguments[0];
        if (program == "/usr/bin/apt-config") return Ended{0, dump(), ""};
        if (program == "/usr/bin/apt-get") return Ended{0, upgrades(), ""};
        if (program == "/usr/bin/apt-cache") return Ended{0, policy(command.arguments), ""};
        if (program != "/usr/bin/unattended-upgrade") return Ended{127, "", program};
        ++installs;
        for (auto& package : packages) package.installed = candidate(package);
        return Ended{0, "", ""};
    }

  private:
    std::string dump() const {
        std::string text;
        if (root_.has("/etc/apt/apt.conf.d/52steward")) {
            for (const auto line : split(drop_in_ = root_.read("/etc/apt/apt.conf.d/52steward"), '\n')) {
                if (!line.starts_with('#')) text += std::string(line) + "\n";
            }
        }
        return text;
    }
    bool pinned(const std::string& name, const std::string& version) const {
        if (!root_.has("/etc/apt/preferences.d/50-steward")) return false;
        return root_.read("/etc/apt/preferences.d/50-steward")
                   .find("Package: " + name + "\nPin: version " + version + "\nPin-Priority: -1\n") !=
               std::string::npos;
    }
    std::string candidate(const Archive& package) const {
        for (const auto& version : package.versions) {
            if (version == backports) continue;
            if (version == package.installed || !pinned(package.name, version)) return version;
        }
        return package.installed;
    }
    std::string upgrades() const {
        std::string text;
        for (const auto& package : packages) {
            const auto to = candidate(package);
            if (to == package.installed) continue;
            text += "Inst " + package.name + " [" + package.installed + "] (" + to + " Debian:12/stable [all])\n";
        }
        return text;
    }
    std::string policy(const std::vector<std::string>& arguments) const {
        std::string text;
        for (const auto& package : packages) {
            if (std::find(arguments.begin(), arguments.end(), package.name) == arguments.end()) continue;
            text += package.name + ":\n  Installed: " + package.installed + "\n  Candidate: " + candidate(package) +
                    "\n  Version table:\n";
            for (const auto& version : package.versions) {
                text += (version == package.installed ? " *** " : "     ") + version +
                        (pinned(package.name, version) ? " -1\n"
                         : version == backports        ? " 100\n"
                                                       : " 500\n") +
                        "        500 http://security.example.org bookworm-security/main amd64 Packages\n";
            }
        }
        return text;
    }

    const test::TemporaryDirectory& root_;
    mutable std::string drop_in_;
};

struct NoPower final : Power {
    Outcome plan_restart(Instant, const std::string&) override { return {}; }
    Result<std::optional<Instant>> planned_restart() override { return std::optional<Instant>(); }
};

class HoldsTest : public ::testing::Test {
  protected:
    HoldsTest() {
        root_.write("/usr/bin/apt-config", "");
        root_.write("/usr/bin/unattended-upgrade", "");
        clock_.time = std::chrono::sys_days(2026y / 11 / 20) + 9h;
        apt_.packages = {{"alpha", "1.0", {"1.1", "1.0"}}, {"beta", "2.0", {"2.1", "2.0"}}};
    }
    void ask(std::optional<int> defer_days, std::optional<bool> approval, std::optional<int> deadline = std::nullopt) {
        UpdateRules rules;
        rules.automatic = static_cast<int>(AutoUpdate::install);
        rules.defer_days = defer_days;
        rules.approval_required = approval;
        rules.deadline_days = deadline;
        const auto written = rules_.write(rules);
        ASSERT_TRUE(written) << written.error().what << written.error().evidence;
    }
    // What apt itself would install now.
    std::vector<std::string> free() {
        std::vector<std::string> names;
        const auto updates = Apt(files_, apt_).upgrades();
        EXPECT_TRUE(updates);
        for (const auto& update : *updates) names.push_back(update_key(update.name, update.to));
        return names;
    }
    UpdateRules effective() {
        const auto rules = rules_.read();
        EXPECT_TRUE(rules);
        return rules ? *rules : UpdateRules();
    }
    void hold() {
        const auto held = deadline_.hold();
        ASSERT_TRUE(held) << held.error().what << held.error().evidence;
    }

    test::TemporaryDirectory root_;
    FixedClock clock_;
    Files files_{root_.path()};
    PinningApt apt_{root_};
    Units units_{files_, apt_, false};
    PackageManagers packages_{files_, apt_};
    NoPower power_;
    LinuxUpdates rules_{files_, apt_, units_, clock_};
    UpdateHolds holds_{files_, packages_, clock_};
    LinuxApprovals approvals_{files_, packages_, holds_, clock_};
    LinuxUpdateDeadline deadline_{files_, apt_, rules_, power_, clock_};
};

TEST_F(HoldsTest, ADeferredUpdateWaitsForItsDayAndIsToldOfMeanwhile) {
    ask(7, std::nullopt);
    EXPECT_THAT(free(), IsEmpty());
    EXPECT_EQ(effective().defer_days, 7);
    const auto updates = holds_.installable();
    ASSERT_TRUE(updates) << updates.error().what;
    ASSERT_EQ(updates->size(), 2U);
    EXPECT_THAT(updates->at("alpha_1.1").reason.value_or(""), HasSubstr("from 2026-11-27T09:00:00Z on"));
    EXPECT_EQ(updates->at("alpha_1.1").previous, "1.0");
    EXPECT_EQ(updates->at("alpha_1.1").kind, 1);
    clock_.time += 3 * 24h;
    apt_.packages[1].versions.insert(apt_.packages[1].versions.begin(), "2.2");
    hold();  // as apt has it done after it looked
    EXPECT_THAT(free(), IsEmpty());
    clock_.time += 4 * 24h;
    hold();
    EXPECT_THAT(free(), ElementsAre("alpha_1.1", "beta_2.1")) << "beta 2.2 waits for its own day";
    EXPECT_EQ(effective().defer_days, 7);
}

TEST_F(HoldsTest, OnlyWhatIsApprovedIsInstalled) {
    ask(std::nullopt, true);
    EXPECT_THAT(free(), IsEmpty());
    EXPECT_EQ(holds_.installable()->at("beta_2.1").reason, "It waits for approval.");
    ASSERT_TRUE(approvals_.write("beta_2.1", {}));
    EXPECT_THAT(free(), ElementsAre("beta_2.1")) << "at once";
    EXPECT_EQ(approvals_.read("beta_2.1")->when, "2026-11-20T09:00:00Z");
    EXPECT_EQ(effective().approval_required, true);
    apt_.packages[1].versions.insert(apt_.packages[1].versions.begin(), "2.2");
    hold();
    EXPECT_THAT(free(), ElementsAre("beta_2.1")) << "the yes was for another version";
    ASSERT_TRUE(approvals_.erase("beta_2.1"));
    EXPECT_THAT(free(), IsEmpty());
    EXPECT_EQ(approvals_.read("beta_2.1").error().fault, Fault::not_found);
}

TEST_F(HoldsTest, AnArchiveFromWhichNothingComesByItselfIsLeftAlone) {
    apt_.packages[0].versions.insert(apt_.packages[0].versions.begin(), "1.2~bpo12+1");
    apt_.backports = "1.2~bpo12+1";
    ask(std::nullopt, true);
    EXPECT_EQ(holds_.installable()->count("alpha_1.2~bpo12+1"), 0U);
    EXPECT_EQ(root_.read("/etc/apt/preferences.d/50-steward").find("bpo"), std::string::npos);
}

TEST_F(HoldsTest, AYesIsStrongerThanADeferral) {
    ask(30, true);
    ASSERT_TRUE(approvals_.write("alpha_1.1", {}));
    EXPECT_THAT(free(), ElementsAre("alpha_1.1"));
}

TEST_F(HoldsTest, WhatIsNoNameOfAnUpdateIsRefused) {
    for (const auto* name : {"alpha", "_1.1", "alpha_", "alpha 1.1_2", "{b1c0}\n_1"}) {
        const auto written = approvals_.write(name, {});
        ASSERT_FALSE(written) << name;
        EXPECT_EQ(written.error().fault, Fault::invalid);
    }
    EXPECT_THAT(*approvals_.names(), IsEmpty());
}

TEST_F(HoldsTest, ADeadlineCountsFromTheDayOnWhichAnUpdateMayBeInstalled) {
    ask(7, std::nullopt, 2);
    clock_.time += 8 * 24h;
    ASSERT_TRUE(deadline_.enforce());
    EXPECT_EQ(apt_.installs, 0) << "it may be, but need not yet";
    EXPECT_EQ(deadline_.standing()->pending.at(0).due, std::chrono::sys_days(2026y / 11 / 29) + 9h);
    clock_.time += 24h;
    ASSERT_TRUE(deadline_.enforce());
    EXPECT_EQ(apt_.installs, 1);
    EXPECT_EQ(apt_.packages[0].installed, "1.1");
}

TEST_F(HoldsTest, AnUpdateWithoutAYesHasNoDeadline) {
    ask(std::nullopt, true, 0);
    clock_.time += 100 * 24h;
    ASSERT_TRUE(deadline_.enforce());
    EXPECT_EQ(apt_.installs, 0);
    const auto standing = deadline_.standing();
    ASSERT_TRUE(standing);
    EXPECT_EQ(standing->pending.at(0).due, std::nullopt);
    EXPECT_EQ(standing->pending.at(0).held, "It waits for approval.");
}

TEST_F(HoldsTest, ARuleThatNobodyObeysIsNotInForce) {
    ask(7, true);
    ASSERT_EQ(effective().defer_days, 7);
    std::filesystem::remove(root_.below("/etc/apt/preferences.d/50-steward"));
    EXPECT_EQ(effective().defer_days, std::nullopt);
    EXPECT_EQ(effective().approval_required, std::nullopt);
    EXPECT_THAT(free(), ElementsAre("alpha_1.1", "beta_2.1"));
    hold();
    EXPECT_THAT(free(), IsEmpty());
    EXPECT_EQ(effective().approval_required, true);
    std::filesystem::remove(root_.below("/etc/systemd/system/steward-updates.timer"));
    EXPECT_EQ(effective().defer_days, std::nullopt) << "their day would never come";
}

TEST_F(HoldsTest, NothingIsLeftOfIt) {
    ask(7, true);
    ASSERT_TRUE(approvals_.write("alpha_1.1", {}));
    EXPECT_THAT(root_.read("/etc/apt/apt.conf.d/52steward"), HasSubstr("steward updates --hold"));
    ASSERT_TRUE(rules_.write({}));
    ASSERT_TRUE(approvals_.erase("alpha_1.1"));
    EXPECT_THAT(free(), ElementsAre("alpha_1.1", "beta_2.1"));
    EXPECT_EQ(effective().defer_days, 0);
    EXPECT_FALSE(std::filesystem::exists(root_.below("/etc/apt")));
    EXPECT_FALSE(std::filesystem::exists(root_.below("/etc/systemd")));
    EXPECT_FALSE(root_.has("/var/lib/steward/updates-seen"));
    EXPECT_FALSE(root_.has("/var/lib/steward/updates-approved"));
}

TEST_F(HoldsTest, ADeviceWithoutAptKeepsItsApprovalsAndRefusesTheRules) {
    std::filesystem::remove(root_.below("/usr/bin/apt-config"));
    ASSERT_TRUE(approvals_.write("alpha_1.1", {}));
    EXPECT_THAT(*approvals_.names(), ElementsAre("alpha_1.1"));
    UpdateRules rules;
    rules.approval_required = true;
    EXPECT_EQ(rules_.write(rules).error().fault, Fault::unsupported);
}

}  // namespace
}  // namespace steward::platform

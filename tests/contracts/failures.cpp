// Whatever call of the operating system fails, the device is as before or as wanted, and a second try succeeds.
#include <gtest/gtest.h>

#include <string_view>

#include "platform/linux/files.h"
#include "platform/linux/passwords.h"
#include "platform/linux/processes.h"
#include "tests/contracts/failing_calls.h"
#include "tests/contracts/rules.h"
#include "tests/support/debian_root.h"
#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

using test::Snapshot;
using Then = test::FailingCalls::Then;

// Without directories: one that was made for a file before the power went may stay, and is then not counted as ours.
Snapshot files_only(const Snapshot& all) {
    constexpr std::string_view count = "# Directories made for this file: 1\n";
    Snapshot files;
    for (const auto& [path, description] : all) {
        if (description.starts_with("directory")) continue;
        auto& text = files[path] = description;
        if (const auto at = text.find(count); at != std::string::npos) text.erase(at, count.size());
    }
    return files;
}

class Failures : public ::testing::Test {
  protected:
    Failures() {
        test::make_debian_root(root_.path());
        // A file of somebody else that has to be changed in place, beside those that are new or drop-ins.
        root_.write("/etc/security/pwquality.conf", "# local\nminlen = 9\nretry = 3");
    }

    Snapshot now() const { return test::snapshot_of(root_.path() + "/etc"); }
    Outcome write(const PasswordRules& rules) { return passwords_.write(rules); }
    Snapshot after(const PasswordRules& rules) {
        const auto written = write(rules);
        EXPECT_TRUE(written) << written.error().what;
        return now();
    }

    // From one set of rules to another, with the n-th call failing for every n.
    void every_call(const PasswordRules& from, const PasswordRules& to) {
        const auto wanted = after(to);
        const auto before = after(from);
        int n = 1;
        for (;; ++n) {
            calls_.fail(n);
            const auto written = write(to);
            const bool failed = calls_.failed();
            calls_.fail(0);
            const auto found = now();
            ASSERT_TRUE(written ? found == wanted : found == before)
                << "call " << n << ": " << (written ? "success" : written.error().what);
            ASSERT_EQ(after(to), wanted) << "second try after call " << n;
            if (!failed) break;
            ASSERT_EQ(after(from), before) << "way back after call " << n;
        }
        EXPECT_GT(n, 20) << "a write makes more calls than that";
    }

    // The same, but from the n-th call on nothing works any more: a power cut. No file may be torn, and whoever comes
    // after it can go on to the new state or back to the old one.
    void every_power_cut(const PasswordRules& from, const PasswordRules& to) {
        const auto wanted = files_only(after(to));
        const auto before = files_only(after(from));
        for (int n = 1;; ++n) {
            calls_.fail(n, Then::dead);
            (void)write(to);
            const bool failed = calls_.failed();
            calls_.fail(0);
            for (const auto& entry : files_only(now())) {
                const auto& path = entry.first;
                const auto& content = entry.second;
                if (path.ends_with(".steward-new")) continue;  // never looked at by anybody
                const auto is = [&](const Snapshot& state) {
                    const auto found = state.find(path);
                    return found != state.end() && found->second == content;
                };
                ASSERT_TRUE(is(before) || is(wanted)) << path << " is torn after call " << n << ":\n" << content;
            }
            ASSERT_EQ(files_only(after(n % 2 == 0 ? to : from)), n % 2 == 0 ? wanted : before) << n;
            if (!failed) return;
            ASSERT_EQ(files_only(after(from)), before) << n;
        }
    }

    test::TemporaryDirectory root_;
    test::FailingCalls calls_;
    Files files_{root_.path(), calls_};
    LinuxProcesses processes_;
    LinuxPasswords passwords_{files_, processes_};
};

TEST_F(Failures, OfAnyCallWhileRulesComeIn) {
    every_call({}, test::every_rule());
}

TEST_F(Failures, OfAnyCallWhileRulesGo) {
    every_call(test::every_rule(), {});
}

TEST_F(Failures, OfAnyCallWhileRulesChange) {
    auto other = test::every_rule();
    other.min_length = 20;
    other.history.reset();
    other.inactivity_minutes = 0;
    every_call(test::every_rule(), other);
}

TEST_F(Failures, PowerCutWhileRulesComeIn) {
    every_power_cut({}, test::every_rule());
}

TEST_F(Failures, PowerCutWhileRulesGo) {
    every_power_cut(test::every_rule(), {});
}

TEST_F(Failures, OfAnyCallWhileReadingIsSaidOrDoesNotMatter) {
    ASSERT_TRUE(write(test::every_rule()));
    for (int n = 1;; ++n) {
        calls_.fail(n);
        const auto rules = passwords_.read();
        const bool failed = calls_.failed();
        calls_.fail(0);
        if (!failed) {
            ASSERT_TRUE(rules);
            EXPECT_EQ(*rules, test::every_rule());
            return;
        }
        // Rather unknown than wrong: a member is missing, or it is what is in force.
        if (!rules) continue;
        EXPECT_TRUE(!rules->min_length || rules->min_length == 14) << n;
        EXPECT_TRUE(!rules->max_failed_attempts || rules->max_failed_attempts == 8) << n;
        EXPECT_TRUE(!rules->required || rules->required == true) << n;
        EXPECT_TRUE(!rules->history || rules->history == 24) << n;
        EXPECT_TRUE(!rules->inactivity_minutes || rules->inactivity_minutes == 15) << n;
    }
}

}  // namespace
}  // namespace steward::platform

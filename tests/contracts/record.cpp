// What every back end of Record<PasswordRules> promises: platform/shapes.h, made of tests.
#include <gtest/gtest.h>

#include "platform/linux/files.h"
#include "platform/linux/passwords.h"
#include "platform/linux/processes.h"
#include "tests/contracts/rules.h"
#include "tests/support/debian_root.h"
#include "tests/support/memory_host.h"
#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

class OnLinux {
  public:
    OnLinux() { test::make_debian_root(root_.path()); }
    Record<PasswordRules>& record() { return passwords_; }
    std::string state() const { return flat(test::snapshot_of(root_.path())); }
    std::string touched() const { return flat(test::change_times_of(root_.path())); }

  private:
    static std::string flat(const test::Snapshot& snapshot) {
        std::string text;
        for (const auto& [path, description] : snapshot) text += path + ": " + description + "\n";
        return text;
    }

    test::TemporaryDirectory root_;
    Files files_{root_.path()};
    LinuxProcesses processes_;
    LinuxPasswords passwords_{files_, processes_};
};

class InMemory {
  public:
    Record<PasswordRules>& record() { return host_.passwords; }
    std::string state() {
        return host_.passwords.read()->min_length == host_.passwords.device.min_length ? "old" : "new";
    }
    std::string touched() const { return std::to_string(host_.passwords.writes); }

  private:
    test::MemoryHost host_;
};

template <class Backend>
class PasswordRecord : public ::testing::Test {
  protected:
    PasswordRules read() {
        auto rules = backend_.record().read();
        EXPECT_TRUE(rules) << rules.error().what;
        return rules ? *rules : PasswordRules();
    }
    void write(const PasswordRules& rules) {
        const auto written = backend_.record().write(rules);
        ASSERT_TRUE(written) << written.error().what << " " << written.error().evidence;
    }
    // The device with these rules on top says the same as the rules, wherever they say something.
    void expect_in_force(const PasswordRules& rules) {
        const auto now = read();
        EXPECT_EQ(test::overlaid(now, rules), now);
    }

    Backend backend_;
};

using Backends = ::testing::Types<OnLinux, InMemory>;
TYPED_TEST_SUITE(PasswordRecord, Backends);

TYPED_TEST(PasswordRecord, WhatIsWrittenIsInForce) {
    this->write(test::every_rule());
    EXPECT_EQ(this->read(), test::every_rule());
}

TYPED_TEST(PasswordRecord, ASecondWriteTouchesNothing) {
    this->write(test::every_rule());
    const auto before = this->backend_.touched();
    this->write(test::every_rule());
    EXPECT_EQ(this->backend_.touched(), before);
}

TYPED_TEST(PasswordRecord, WritingNothingOnAPristineDeviceTouchesNothing) {
    const auto before = this->backend_.touched();
    this->write({});
    EXPECT_EQ(this->backend_.touched(), before);
}

TYPED_TEST(PasswordRecord, GivingBackRestoresTheDevice) {
    const auto before = this->backend_.state();
    const auto rules = this->read();
    this->write(test::every_rule());
    EXPECT_NE(this->backend_.state(), before);
    this->write({});
    EXPECT_EQ(this->backend_.state(), before);
    EXPECT_EQ(this->read(), rules);
}

TYPED_TEST(PasswordRecord, OneRuleCanBeGivenBackAlone) {
    auto rules = test::every_rule();
    this->write(rules);
    rules.min_length.reset();
    rules.expiration_days.reset();
    this->write(rules);
    EXPECT_EQ(this->read().min_length, 8);
    EXPECT_EQ(this->read().expiration_days, 0);
    this->expect_in_force(rules);
}

TYPED_TEST(PasswordRecord, AnySequenceEndsWhereItBegan) {
    const auto before = this->backend_.state();
    const auto pristine = this->read();
    std::mt19937 random(11);
    for (int round = 0; round < 60; ++round) {
        const auto rules = test::some_rules(random);
        this->write(rules);
        if (this->HasFatalFailure()) return;
        this->expect_in_force(rules);
    }
    this->write({});
    EXPECT_EQ(this->backend_.state(), before);
    EXPECT_EQ(this->read(), pristine);
}

}  // namespace
}  // namespace steward::platform

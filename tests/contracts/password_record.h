// What every back end of Record<PasswordRules> promises: platform/shapes.h, made of tests. A back end brings
//     Record<PasswordRules>& record();
//     std::string state();    // of the whole device, to be compared
//     std::string touched();  // differs once anything was written, even if it is the same
//     static PasswordRules every_rule();                   // all that it can enforce
//     static PasswordRules some_rules(std::mt19937&);  // some of them, without contradictions
#pragma once

#include <gtest/gtest.h>

#include <random>

#include "platform/passwords.h"
#include "tests/contracts/rules.h"
#include "tests/support/memory_host.h"

namespace steward::platform {

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

TYPED_TEST_SUITE_P(PasswordRecord);

TYPED_TEST_P(PasswordRecord, WhatIsWrittenIsInForce) {
    this->write(TypeParam::every_rule());
    EXPECT_EQ(this->read(), TypeParam::every_rule());
}

TYPED_TEST_P(PasswordRecord, ASecondWriteTouchesNothing) {
    this->write(TypeParam::every_rule());
    const auto before = this->backend_.touched();
    this->write(TypeParam::every_rule());
    EXPECT_EQ(this->backend_.touched(), before);
}

TYPED_TEST_P(PasswordRecord, WritingNothingOnAPristineDeviceTouchesNothing) {
    const auto before = this->backend_.touched();
    this->write({});
    EXPECT_EQ(this->backend_.touched(), before);
}

TYPED_TEST_P(PasswordRecord, GivingBackRestoresTheDevice) {
    const auto before = this->backend_.state();
    const auto rules = this->read();
    this->write(TypeParam::every_rule());
    EXPECT_NE(this->backend_.state(), before);
    this->write({});
    EXPECT_EQ(this->backend_.state(), before);
    EXPECT_EQ(this->read(), rules);
}

TYPED_TEST_P(PasswordRecord, OneRuleCanBeGivenBackAlone) {
    const auto pristine = this->read();
    auto rules = TypeParam::every_rule();
    this->write(rules);
    rules.min_length.reset();
    rules.expiration_days.reset();
    rules.required.reset();  // on some systems it asks for a length of its own
    this->write(rules);
    EXPECT_EQ(this->read().min_length, pristine.min_length);
    EXPECT_EQ(this->read().expiration_days, pristine.expiration_days);
    this->expect_in_force(rules);
}

TYPED_TEST_P(PasswordRecord, AnySequenceEndsWhereItBegan) {
    const auto before = this->backend_.state();
    const auto pristine = this->read();
    std::mt19937 random(11);
    for (int round = 0; round < 60; ++round) {
        const auto rules = TypeParam::some_rules(random);
        this->write(rules);
        if (this->HasFatalFailure()) return;
        this->expect_in_force(rules);
    }
    this->write({});
    EXPECT_EQ(this->backend_.state(), before);
    EXPECT_EQ(this->read(), pristine);
}

REGISTER_TYPED_TEST_SUITE_P(PasswordRecord, WhatIsWrittenIsInForce, ASecondWriteTouchesNothing,
                            WritingNothingOnAPristineDeviceTouchesNothing, GivingBackRestoresTheDevice,
                            OneRuleCanBeGivenBackAlone, AnySequenceEndsWhereItBegan);

}  // namespace steward::platform

// Password rules on Windows: the promises of every back end, and what Windows alone makes of them.
#include "platform/windows/passwords.h"

#include <gtest/gtest.h>

#include "tests/contracts/password_record.h"
#include "tests/windows/private_registry.h"
#include "tests/windows/scripted_accounts.h"

namespace steward::platform {
namespace {

const std::string system_key = R"(SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System)";
const std::string sam_key = R"(SYSTEM\CurrentControlSet\Control\SAM)";

class OnWindows {
  public:
    OnWindows() {
        device.set(system_key, "EnableLUA", dword(1));
        device.set(sam_key, "MinimumPasswordLengthAudit", dword(0));
        accounts.relaxed = [this] { return device.number(sam_key, "RelaxMinimumPasswordLengthLimits") == 1U; };
    }
    Record<PasswordRules>& record() { return passwords; }
    std::string state() const { return device.state() + accounts.state(); }
    std::string touched() { return std::to_string(device.calls().changes() + accounts.changes); }

    static PasswordRules every_rule() {
        PasswordRules rules;
        rules.required = true;
        rules.min_length = 16;
        rules.complex_characters = 3;
        rules.alphanumeric = false;
        rules.allow_simple = true;
        rules.complexity = true;
        rules.history = 24;
        rules.expiration_days = 90;
        rules.minimum_age_days = 1;
        rules.max_failed_attempts = 8;
        rules.lockout = Lockout{8, 30, 20};
        rules.lock_administrator = true;
        rules.inactivity_minutes = 15;
        return rules;
    }
    static PasswordRules some_rules(std::mt19937& random) {
        const auto any = [&](int from, int to) { return std::uniform_int_distribution<int>(from, to)(random); };
        const auto chosen = [&] { return any(0, 1) == 1; };
        PasswordRules rules;
        if (chosen()) rules.required = true;
        if (chosen()) rules.min_length = any(6, 128);
        if (chosen()) rules.complex_characters = 3;
        if (chosen()) rules.complexity = true;
        if (chosen()) rules.history = any(0, 24);
        if (chosen()) rules.expiration_days = any(31, 700);
        if (chosen()) rules.minimum_age_days = any(0, 30);
        if (chosen()) rules.max_failed_attempts = any(4, 999);
        if (chosen()) rules.lockout = Lockout{any(0, 99), chosen() ? any(10, 999) : 0, any(1, 10)};
        if (chosen()) rules.lock_administrator = chosen();
        if (chosen()) rules.inactivity_minutes = any(0, 999);
        return rules;
    }

    test::PrivateRegistry device;
    test::ScriptedAccounts accounts;
    bool sealed = true;
    WindowsPasswords passwords{device.registry(), accounts, [this]() -> Result<bool> { return sealed; }};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Windows, PasswordRecord, OnWindows);

class WindowsPasswordsTest : public ::testing::Test {
  protected:
    Fault fault_of(const PasswordRules& rules) {
        const auto before = device_.state();
        const auto written = device_.passwords.write(rules);
        EXPECT_EQ(device_.state(), before);
        return written ? Fault::bug : written.error().fault;
    }
    OnWindows device_;
};

TEST_F(WindowsPasswordsTest, WhatWindowsCanNotEnforceIsRefused) {
    const auto with = [](auto member, auto value) {
        PasswordRules rules;
        rules.*member = value;
        return rules;
    };
    EXPECT_EQ(fault_of(with(&PasswordRules::alphanumeric, true)), Fault::unsupported);
    EXPECT_EQ(fault_of(with(&PasswordRules::allow_simple, false)), Fault::unsupported);
    EXPECT_EQ(fault_of(with(&PasswordRules::complex_characters, 2)), Fault::unsupported);
    EXPECT_EQ(fault_of(with(&PasswordRules::complex_characters, 4)), Fault::unsupported);
    EXPECT_EQ(fault_of(with(&PasswordRules::history, 25)), Fault::unsupported);
    EXPECT_EQ(fault_of(with(&PasswordRules::max_failed_attempts, 3)), Fault::unsupported);
    device_.accounts.without_rule = {"kiosk"};
    EXPECT_EQ(fault_of(with(&PasswordRules::required, true)), Fault::unsupported);
    device_.accounts.tells_properties = false;
    EXPECT_EQ(fault_of(with(&PasswordRules::complexity, true)), Fault::unsupported);
    EXPECT_EQ(fault_of(with(&PasswordRules::lock_administrator, true)), Fault::unsupported);
}

TEST_F(WindowsPasswordsTest, FailedAttemptsCountOnlyWhereBitLockerProtects) {
    PasswordRules rules;
    rules.max_failed_attempts = 8;
    device_.sealed = false;
    EXPECT_EQ(fault_of(rules), Fault::unsupported);
    device_.sealed = true;
    ASSERT_TRUE(device_.passwords.write(rules));
    EXPECT_EQ(device_.passwords.read()->max_failed_attempts, 8);
    device_.sealed = false;  // somebody decrypted the disk since
    EXPECT_EQ(device_.passwords.read()->max_failed_attempts, 0);
}

TEST_F(WindowsPasswordsTest, AnAccountThatNeedsNoPasswordIsTold) {
    ASSERT_TRUE(device_.passwords.write(OnWindows::every_rule()));
    device_.accounts.without_rule = {"kiosk"};
    EXPECT_EQ(device_.passwords.read()->required, false);
}

TEST_F(WindowsPasswordsTest, WhatIsNotToldIsNotGuessed) {
    device_.accounts.tells_properties = false;
    auto rules = *device_.passwords.read();
    EXPECT_EQ(rules.complexity, std::nullopt);
    EXPECT_EQ(rules.lock_administrator, std::nullopt);
    EXPECT_EQ(rules.complex_characters, std::nullopt);
    device_.device.set(R"(SYSTEM\CurrentControlSet\Control\EAS\Policies)", "6", dword(3));
    rules = *device_.passwords.read();
    EXPECT_EQ(rules.allow_simple, std::nullopt);
    EXPECT_EQ(rules.alphanumeric, std::nullopt);
}

TEST_F(WindowsPasswordsTest, WindowsStoresThemInItsOwnUnits) {
    auto rules = OnWindows::every_rule();
    ASSERT_TRUE(device_.passwords.write(rules));
    EXPECT_EQ(device_.device.number(system_key, "InactivityTimeoutSecs"), 900U);
    EXPECT_EQ(device_.device.number(sam_key, "RelaxMinimumPasswordLengthLimits"), 1U);
    EXPECT_EQ(device_.accounts.password_modals.max_age, 90U * 86400);
    EXPECT_EQ(device_.accounts.lockout_modals, (LockoutModals{1800, 1200, 8}));
    EXPECT_EQ(device_.accounts.property_bits, password_complex | password_lockout_administrators);
    rules.expiration_days = 0;
    rules.lockout = Lockout{5, 0, 20};
    ASSERT_TRUE(device_.passwords.write(rules));
    EXPECT_EQ(device_.accounts.password_modals.max_age, for_ever);
    EXPECT_EQ(device_.accounts.lockout_modals.duration, for_ever);
    EXPECT_EQ(device_.passwords.read()->expiration_days, 0);
    EXPECT_EQ(device_.passwords.read()->lockout->duration_minutes, 0);
}

TEST_F(WindowsPasswordsTest, WhatWindowsFindsContradictoryIsInvalidAndNothingStays) {
    PasswordRules rules;
    rules.expiration_days = 10;
    rules.minimum_age_days = 20;
    rules.inactivity_minutes = 5;
    EXPECT_EQ(fault_of(rules), Fault::invalid);
}

TEST_F(WindowsPasswordsTest, AfterAnyFailureTheDeviceIsAsBeforeAndASecondTrySucceeds) {
    const auto pristine = device_.state();
    const auto every = OnWindows::every_rule();
    ASSERT_TRUE(device_.passwords.write(every));
    const auto managed = device_.state();
    for (const bool coming : {true, false}) {
        const auto to = coming ? every : PasswordRules();
        const auto from = coming ? PasswordRules() : every;
        for (const bool registry : {true, false}) {
            int n = 1;
            for (;; ++n) {
                ASSERT_TRUE(device_.passwords.write(from));
                if (registry) device_.device.calls().fail(n);
                if (!registry) device_.accounts.fail(n);
                const auto outcome = device_.passwords.write(to);
                const bool failed = registry ? device_.device.calls().failed() : device_.accounts.failed();
                device_.device.calls().fail(0);
                device_.accounts.fail(0);
                if (!failed) break;
                ASSERT_FALSE(outcome) << n;
                ASSERT_EQ(device_.state(), coming ? pristine : managed) << n << " registry " << registry;
                ASSERT_TRUE(device_.passwords.write(to)) << n;
                ASSERT_EQ(device_.state(), coming ? managed : pristine) << n;
            }
            EXPECT_GT(n, registry ? 30 : 5);
        }
    }
}

}  // namespace
}  // namespace steward::platform

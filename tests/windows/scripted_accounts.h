// The accounts of a Windows in memory, with the limits that the real one has, and calls of which the n-th fails.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platform/windows/account_calls.h"

namespace steward::test {

class ScriptedAccounts final : public platform::AccountCalls {
  public:
    platform::PasswordModals password_modals{0, 42 * 86400, 0, platform::for_ever, 0};
    platform::LockoutModals lockout_modals{600, 600, 10};
    std::uint32_t property_bits = platform::password_lockout_administrators;
    bool tells_properties = true;
    std::vector<std::string> without_rule;
    std::function<bool()> relaxed = [] { return true; };  // lengths beyond 14 are possible
    int changes = 0;

    void fail(int nth) {
        nth_ = nth;
        made_ = 0;
    }
    bool failed() const { return nth_ > 0 && made_ >= nth_; }

    Result<platform::PasswordModals> passwords() override {
        if (fails()) return failure();
        return password_modals;
    }
    Outcome set_passwords(const platform::PasswordModals& modals) override {
        if (fails()) return failure();
        const bool ages = modals.max_age == platform::for_ever || modals.min_age < modals.max_age;
        if (modals.min_length > (relaxed() ? 128U : 14U) || modals.history > 24 || !ages) return out_of_range();
        ++changes;
        password_modals = modals;
        return {};
    }
    Result<platform::LockoutModals> lockout() override {
        if (fails()) return failure();
        return lockout_modals;
    }
    Outcome set_lockout(const platform::LockoutModals& modals) override {
        if (fails()) return failure();
        if (modals.window == 0 || modals.window > modals.duration) return out_of_range();
        ++changes;
        lockout_modals = modals;
        return {};
    }
    Result<std::uint32_t> properties() override {
        if (fails()) return failure();
        if (!tells_properties) return Error{Fault::unsupported, "Not told.", ""};
        return property_bits;
    }
    Outcome set_properties(std::uint32_t bits) override {
        if (fails()) return failure();
        ++changes;
        property_bits = bits;
        return {};
    }
    Result<std::vector<std::string>> exempt() override {
        if (fails()) return failure();
        return without_rule;
    }

    std::string state() const {
        std::string text;
        for (const auto number : {password_modals.min_length, password_modals.max_age, password_modals.min_age,
                                  password_modals.force_logoff, password_modals.history, lockout_modals.duration,
                                  lockout_modals.window, lockout_modals.threshold, property_bits}) {
            text += std::to_string(number) + " ";
        }
        return text;
    }

  private:
    bool fails() { return ++made_ == nth_; }
    static Error failure() { return {Fault::io, "The account database did not answer.", ""}; }
    static Error out_of_range() { return {Fault::invalid, "The rules are not acceptable.", ""}; }

    int nth_ = 0, made_ = 0;
};

}  // namespace steward::test

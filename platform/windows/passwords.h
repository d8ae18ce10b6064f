// PasswordRules on Windows: the local security policy of accounts, and the values of the registry that lock a device.
//
// `required` holds, as length does, for passwords that are set from now on: Windows tells nobody whether the password
// of an account is empty. Where an account is exempt from having one, it is refused.
#pragma once

#include <functional>

#include "platform/passwords.h"
#include "platform/windows/account_calls.h"
#include "platform/windows/originals.h"

namespace steward::platform {

class WindowsPasswords final : public Record<PasswordRules> {
  public:
    // `sealed` says whether the system volume is protected by BitLocker.
    WindowsPasswords(Registry& registry, AccountCalls& accounts, std::function<Result<bool>()> sealed)
        : registry_(registry), originals_(registry, "Passwords"), accounts_(accounts), sealed_(std::move(sealed)) {}

    Result<PasswordRules> read() override;
    // Everything or nothing: what was changed before a failure is put back.
    Outcome write(const PasswordRules& managed) override;

  private:
    struct State {
        PasswordModals passwords;
        LockoutModals lockout;
        std::optional<std::uint32_t> properties;  // nullopt: this Windows doesn't tell them
    };

    Result<State> state();
    Outcome possible(const PasswordRules& managed, const State& now);
    Outcome change(const State& from, const State& to);
    bool exchange_rules() const;

    Registry& registry_;
    Originals originals_;
    AccountCalls& accounts_;
    std::function<Result<bool>()> sealed_;
};

}  // namespace steward::platform

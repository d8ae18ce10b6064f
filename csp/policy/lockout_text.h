// The text of DeviceLock/AccountLockoutPolicy: "AccountLockoutDuration:15, AccountLockoutThreshold:10,
// ResetAccountLockoutCounterAfter:15", in minutes, failures, minutes. The DDF calls it chr and says no more.
#pragma once

#include <string>
#include <string_view>

#include "platform/passwords.h"

namespace steward::csp {

inline constexpr char lockout_expected[] =
    "a text such as \"AccountLockoutDuration:15, AccountLockoutThreshold:10, ResetAccountLockoutCounterAfter:15\" "
    "with a duration of 0 to 99999, a threshold of 0 to 999 and a reset of 1 to 99999 not above the duration";

Result<platform::Lockout> parse_lockout(std::string_view text);  // parts in any order and case, blanks free
std::string lockout_text(const platform::Lockout& lockout);
Outcome is_lockout_policy(std::string_view text);

}  // namespace steward::csp

// Policy/DeviceLock: passwords, lockout and the lock itself. Two generations of names stand side by side, those of
// Exchange ActiveSync ("DevicePassword…") and those of the local security policy ("PasswordHistorySize"): where both
// speak of the same rule, the stricter one holds. Source: DDF Policy, area DeviceLock.
#include <algorithm>

#include "csp/csp.h"
#include "csp/policy/lockout_text.h"
#include "platform/host.h"

namespace steward::csp {
namespace {

using platform::PasswordRules;

using Stricter = int (*)(int, int);

int larger(int a, int b) {
    return std::max(a, b);
}

// 0 is no limit at all.
int smaller_limit(int a, int b) {
    return a == 0 || b == 0 ? std::max(a, b) : std::min(a, b);
}

// One of two names of the same rule.
Field<PasswordRules> shared(std::string path, std::optional<int> PasswordRules::*member, Stricter stricter,
                            std::string about) {
    auto made = field(std::move(path), member, std::move(about));
    made.set = [member, stricter](PasswordRules& rules, const std::optional<std::string>& text) -> Outcome {
        if (!text) return {};  // the other name may have been used
        auto number = parse(*text, static_cast<int*>(nullptr));
        if (!number) return std::move(number).error();
        rules.*member = rules.*member ? stricter(*(rules.*member), *number) : *number;
        return {};
    };
    return made;
}

Field<PasswordRules> lockout_policy() {
    return field("AccountLockoutPolicy", &PasswordRules::lockout,
                 "When an account is locked, for how long, and how soon failures are forgotten.", lockout_text,
                 parse_lockout)
        .checked(lockout_expected, is_lockout_policy)
        .reads_as([](std::string text) {
            const auto lockout = parse_lockout(text);
            return lockout ? lockout_text(*lockout) : text;
        });
}

// libpwquality accepts no password of less than six characters, whatever it is told.
std::string at_least_six(std::string length) {
    return to_text(std::max(parse(length, static_cast<int*>(nullptr)) ? std::stoi(length) : 0, 6));
}

}  // namespace

Csp device_lock(platform::Host& host) {
    return policy_area("DeviceLock", "How people unlock this device.")
        .record<PasswordRules>(
            host.passwords,
            {
                field("DevicePasswordEnabled", &PasswordRules::required, "Whether signing in needs a password.")
                    .spelled("0", "1")
                    .one_of({{"0", "a password is needed"}, {"1", "none is needed"}})
                    .otherwise(1)
                    .most_secure(Merge::lowest),
                shared("MinDevicePasswordLength", &PasswordRules::min_length, larger,
                       "Fewest characters of a password.")
                    .between(4, 16)
                    .otherwise(4)
                    .most_secure(Merge::highest_zero_unlimited)
                    .reads_as(at_least_six),
                shared("MinimumPasswordLength", &PasswordRules::min_length, larger,
                       "Fewest characters of a password of a local account.")
                    .between(0, 128)
                    .otherwise(0)
                    .most_secure(Merge::highest)
                    .reads_as(at_least_six),
                field("MinDevicePasswordComplexCharacters", &PasswordRules::complex_characters,
                      "How many kinds of characters a password needs.")
                    .one_of({{"1", "digits"},
                             {"2", "digits and lower case"},
                             {"3", "digits, lower and upper case"},
                             {"4", "digits, lower and upper case, others"}})
                    .otherwise(1)
                    .most_secure(Merge::highest),
                field("AlphanumericDevicePasswordRequired", &PasswordRules::alphanumeric,
                      "Whether a password needs digits and letters.")
                    .spelled("0", "2")
                    .one_of({{"0", "digits and letters"}, {"1", "digits will do"}, {"2", "either"}})
                    .otherwise(2)
                    .most_secure(Merge::lowest)
                    .reads_as([](std::string kind) { return kind == "1" ? std::string("2") : kind; }),
                field("AllowSimpleDevicePassword", &PasswordRules::allow_simple,
                      "Whether 1111, 1234 and words of a dictionary will do.")
                    .spelled("1", "0")
                    .one_of({{"0", "they won't"}, {"1", "they will"}})
                    .otherwise(1)
                    .most_secure(Merge::lowest),
                field(
                    "PasswordComplexity", &PasswordRules::complexity,
                    "Whether a password needs three kinds of characters, six of them, and no part of the user's name.")
                    .spelled("1", "0")
                    .between(0, 1)
                    .otherwise(1)
                    .most_secure(Merge::highest),
                shared("DevicePasswordHistory", &PasswordRules::history, larger, "So many old passwords can't return.")
                    .between(0, 50)
                    .otherwise(0)
                    .most_secure(Merge::highest),
                shared("PasswordHistorySize", &PasswordRules::history, larger,
                       "So many old passwords of a local account can't return.")
                    .between(0, 24)
                    .otherwise(24)
                    .most_secure(Merge::highest),
                shared("DevicePasswordExpiration", &PasswordRules::expiration_days, smaller_limit,
                       "Days until a password expires; 0 is never.")
                    .between(0, 730)
                    .otherwise(0)
                    .most_secure(Merge::lowest_zero_unlimited),
                shared("MaximumPasswordAge", &PasswordRules::expiration_days, smaller_limit,
                       "Days until the password of a local account expires; 0 is never.")
                    .between(0, 999)
                    .otherwise(42)
                    .most_secure(Merge::lowest),
                field("MinimumPasswordAge", &PasswordRules::minimum_age_days, "Days a new password has to be kept.")
                    .between(0, 998)
                    .otherwise(1)
                    .most_secure(Merge::highest),
                field("MaxDevicePasswordFailedAttempts", &PasswordRules::max_failed_attempts,
                      "Failed sign-ins until an account is locked; 0 is no limit.")
                    .between(0, 999)
                    .otherwise(0)
                    .most_secure(Merge::lowest_zero_unlimited),
                lockout_policy(),
                field("AllowAdministratorLockout", &PasswordRules::lock_administrator,
                      "Whether the administrator's account can be locked too.")
                    .spelled("1", "0")
                    .between(0, 1)
                    .otherwise(1)
                    .most_secure(Merge::lowest),
                field("MaxInactivityTimeDeviceLock", &PasswordRules::inactivity_minutes,
                      "Minutes of idleness until the device locks; 0 is never.")
                    .between(0, 999)
                    .otherwise(0)
                    .most_secure(Merge::lowest_zero_unlimited),
            });
}

}  // namespace steward::csp

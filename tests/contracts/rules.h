// Password rules to try a back end with.
#pragma once

#include <random>
#include <vector>

#include "platform/passwords.h"

namespace steward::test {

inline platform::PasswordRules every_rule() {
    platform::PasswordRules rules;
    rules.required = true;
    rules.min_length = 14;
    rules.complex_characters = 4;
    rules.alphanumeric = true;
    rules.allow_simple = false;
    rules.complexity = true;
    rules.history = 24;
    rules.expiration_days = 90;
    rules.minimum_age_days = 1;
    rules.max_failed_attempts = 8;
    rules.lockout = platform::Lockout{8, 30, 20};
    rules.lock_administrator = true;
    rules.inactivity_minutes = 15;
    return rules;
}

// Some of them, with values that don't contradict each other.
inline platform::PasswordRules some_rules(std::mt19937& random) {
    const auto any = [&](int from, int to) { return std::uniform_int_distribution<int>(from, to)(random); };
    const auto chosen = [&] { return any(0, 1) == 1; };
    platform::PasswordRules rules;
    if (chosen()) rules.required = true;
    if (chosen()) rules.min_length = any(6, 30);
    if (chosen()) rules.complex_characters = 4;
    if (chosen()) rules.alphanumeric = true;
    if (chosen()) rules.allow_simple = false;
    if (chosen()) rules.complexity = true;
    if (chosen()) rules.history = any(0, 50);
    if (chosen()) rules.expiration_days = any(31, 700);
    if (chosen()) rules.minimum_age_days = any(0, 30);
    if (chosen()) {
        rules.lockout = platform::Lockout{any(0, 99), any(10, 999), any(1, 10)};
    } else if (chosen()) {
        rules.max_failed_attempts = any(0, 99);
    }
    if (chosen()) rules.lock_administrator = chosen();
    if (chosen()) rules.inactivity_minutes = any(0, 999);
    return rules;
}

}  // namespace steward::test

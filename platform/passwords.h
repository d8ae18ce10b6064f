// How people sign in and how soon the device locks: what Policy/DeviceLock is made of.
//
// What is effective, per member, is decided by the operating system and told by read():
// - quality (length, classes, simple, complexity) counts when a password is set or changed, not for those in use;
// - history likewise; the age limits hold for accounts made from now on and for those of people that exist, never for
//   root and the accounts of services;
// - lockout counts from the next failed sign-in;
// - the inactivity limit holds for sessions that start from now on, and on a graphical desktop only where it tells
//   the session manager that it is idle.
// Numbers that are engaged replace those of the device's own files; switches only add to them: what an administrator
// demands beyond the policy (character classes, say) stays in force and is what read() tells.
// A rule that nothing on the device would enforce is refused with Fault::unsupported: it is never reported as in force.
#pragma once

#include <optional>

#include "platform/shapes.h"

namespace steward::platform {

// After this many failures within the counting time an account is locked for a while.
struct Lockout {
    int threshold = 0;         // failures; 0: accounts are never locked
    int duration_minutes = 0;  // 0: until an administrator unlocks the account
    int reset_minutes = 0;     // failures older than this are forgotten
    bool operator==(const Lockout&) const = default;
};

struct PasswordRules {
    std::optional<bool> required;            // no account that can sign in has an empty password
    std::optional<int> min_length;           // characters
    std::optional<int> complex_characters;   // 1..4 kinds: digits, lower case, upper case, others
    std::optional<bool> alphanumeric;        // at least one digit and one letter
    std::optional<bool> allow_simple;        // false: no 1111, 1234 or dictionary words
    std::optional<bool> complexity;          // three kinds of characters, at least 6, and no part of the user's name
    std::optional<int> history;              // so many earlier passwords can't be used again
    std::optional<int> expiration_days;      // 0: passwords never expire
    std::optional<int> minimum_age_days;     // a password is kept at least so long
    std::optional<int> max_failed_attempts;  // then locked until an administrator helps; 0: no limit
    std::optional<Lockout> lockout;
    std::optional<bool> lock_administrator;  // lockout holds for root too
    std::optional<int> inactivity_minutes;   // locked after so much idleness; 0: never
    bool operator==(const PasswordRules&) const = default;
};

}  // namespace steward::platform

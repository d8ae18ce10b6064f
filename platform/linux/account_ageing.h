// The password ageing of accounts that exist: two numbers in each line of /etc/shadow. People's accounts only: those
// with a password and a number between UID_MIN and UID_MAX. Root and the accounts of services are never touched.
//
// A shadow file has no room for comments, so what stood there before us is kept in a file of our own, with what we put
// there: giving back restores exactly the fields that still hold our value.
#pragma once

#include <vector>

#include "platform/linux/files.h"
#include "platform/passwords.h"

namespace steward::platform {

// Longest and shortest password age over these accounts; nullopt: there is none, or we may not look.
struct AccountAges {
    std::optional<int> longest;   // 0: some password never expires
    std::optional<int> shortest;  // days
};
Result<AccountAges> account_ages(const Files& files);

// Weaker ageing than these rules is tightened, stricter stays; what is not engaged is given back.
Outcome plan_account_ages(const Files& files, const PasswordRules& rules, std::vector<Change>& changes);

}  // namespace steward::platform

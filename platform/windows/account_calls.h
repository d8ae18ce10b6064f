// What Windows keeps about the passwords of its local accounts, call by call: the seam that tests put a script behind.
// Source: NetUserModalsGet, USER_MODALS_INFO_0 and _3; MS-SAMR 2.2.3.5 (DOMAIN_PASSWORD_INFORMATION).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/result.h"

namespace steward::platform {

inline constexpr std::uint32_t for_ever = 0xFFFFFFFF;  // TIMEQ_FOREVER

// Ages are in seconds.
struct PasswordModals {
    std::uint32_t min_length = 0, max_age = for_ever, min_age = 0, force_logoff = for_ever, history = 0;
    bool operator==(const PasswordModals&) const = default;
};

struct LockoutModals {
    std::uint32_t duration = 0, window = 0;  // seconds; for_ever: until an administrator helps
    std::uint32_t threshold = 0;
    bool operator==(const LockoutModals&) const = default;
};

// Bits of the domain's password properties.
enum PasswordProperty : std::uint32_t { password_complex = 0x1, password_lockout_administrators = 0x8 };

struct AccountCalls {
    virtual ~AccountCalls() = default;
    virtual Result<PasswordModals> passwords() = 0;
    virtual Outcome set_passwords(const PasswordModals& modals) = 0;
    virtual Result<LockoutModals> lockout() = 0;
    virtual Outcome set_lockout(const LockoutModals& modals) = 0;
    virtual Result<std::uint32_t> properties() = 0;  // Fault unsupported: this Windows doesn't tell them
    virtual Outcome set_properties(std::uint32_t properties) = 0;
    // Accounts that can sign in and that no rule of length holds for (UF_PASSWD_NOTREQD).
    virtual Result<std::vector<std::string>> exempt() = 0;
};

AccountCalls& account_calls();

}  // namespace steward::platform

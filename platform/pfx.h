// A PFX: a certificate, those that vouch for it and its private key in one file under one password (PKCS #12, RFC
// 7292).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace steward::platform {

inline constexpr std::size_t longest_pfx = 512u << 10;

struct Pfx {
    std::string certificate;         // DER, of the one private key in the file
    std::vector<std::string> chain;  // DER; who vouches for it, the nearest first, without a self-signed one
    std::string key;                 // PKCS #8 in PEM, unencrypted
};

// The file is hostile until its password has opened it, and not much better then: its size, how often its password is
// to be hashed and how much is in it are limited. Faults: malformed, invalid (the password, no key, several),
// unsupported (an algorithm that this system lacks), too_large. No error quotes the password.
Result<Pfx> open_pfx(std::string_view der, const std::string& password);

}  // namespace steward::platform

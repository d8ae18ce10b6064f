// Keys that a PKCS#11 token makes and keeps. Source: PKCS#11 2.40, RFC 7512 (URIs).
#pragma once

#include <optional>
#include <string>

#include "platform/base/result.h"
#include "platform/keystore.h"

namespace steward::platform {

// Tokens are named "pkcs11:token=NAME?pin-source=file:PATH", keys by the same with ";object=LABEL;type=private" in it.
// The PIN is read from the file and nowhere else. The module is that of module-path=PATH, else of the variable
// PKCS11_MODULE_PATH, else p11-kit's, which knows every token of the system.
struct Token {
    // The key is sensitive and not extractable. Faults: not_found (token, PIN file, module), exists, denied (PIN), io.
    static Result<std::string> make_key(const std::string& token, const std::string& label, const KeySpec& spec);
    static Result<std::optional<std::string>> find(const std::string& token, const std::string& label);
    static Result<bool> exportable(const std::string& key);
    static Outcome erase(const std::string& key);  // the public half too
};

}  // namespace steward::platform

// What the PAM stacks of this device ask for. Read only: stacks belong to pam-auth-update and authselect.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/linux/files.h"

namespace steward::platform {

// A module in the stack that every sign-in or password change goes through.
struct PamModule {
    std::string file;                    // where it stands: "/etc/pam.d/common-password"
    std::vector<std::string> arguments;  // "retry=3", "use_authtok"

    // The value of "name=value", empty text for a bare "name".
    std::optional<std::string> argument(std::string_view name) const;
};

// The lines of the shared stack of this type ("auth", "account", "password", "session") that run the module, written
// without directory: "pam_pwquality.so". Empty: it is not in the stack.
Result<std::vector<PamModule>> find_pam_module(const Files& files, std::string_view type, std::string_view module);

// "/etc/pam.d/common-password" on Debian, "/etc/pam.d/system-auth" elsewhere.
Result<std::string> pam_stack(const Files& files, std::string_view type);

// What is said when a rule needs a module that isn't there; names the stack as evidence.
Error without_pam_module(const Files& files, std::string_view type, std::string sentence);

}  // namespace steward::platform

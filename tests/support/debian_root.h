// A private root that looks like a Debian 12 laptop fresh from its installer, for tests and demonstrations.
//
// It has libpam-pwquality, and pam_faillock and pam_pwhistory in the PAM stack, as pam-auth-update writes it once their
// profiles are enabled; pwhistory.conf is that of Linux-PAM 1.5.3, without which the module takes only arguments.
// Hardware, network and kernel facts stand below /sys and /proc as files.
#pragma once

#include <string>

namespace steward::test {

struct DebianRoot {
    bool quality = true;   // pam_pwquality in the password stack
    bool faillock = true;  // pam_faillock in the auth stack
    bool history = true;   // pam_pwhistory in the password stack
};

// Fills the directory, which is made if need be. Existing files of the same names are overwritten.
void make_debian_root(const std::string& directory, const DebianRoot& with = {});

}  // namespace steward::test

// The places on a Linux device where the password rules live. Each reads its members of PasswordRules as they are
// effective, and plans the changes of files that make the engaged ones effective and give the others back.
#pragma once

#include <vector>

#include "platform/linux/files.h"
#include "platform/passwords.h"

namespace steward::platform {

struct PasswordPlace {
    Outcome (*read)(const Files& files, PasswordRules& rules);
    // Fault::unsupported when nothing on this device would enforce a rule; nothing has been changed then.
    Outcome (*plan)(const Files& files, const PasswordRules& rules, std::vector<Change>& changes);
};

extern const PasswordPlace password_quality;   // pwquality.conf and its drop-ins
extern const PasswordPlace password_history;   // pwhistory.conf
extern const PasswordPlace password_ageing;    // login.defs
extern const PasswordPlace account_lockout;    // faillock.conf
extern const PasswordPlace idle_lock;          // logind.conf.d and profile.d
extern const PasswordPlace desktop_lock;       // dconf and kscreenlockerrc; after idle_lock
extern const PasswordPlace account_passwords;  // shadow: only looked at

}  // namespace steward::platform

#include "platform/linux/passwords.h"

#include <vector>

#include "platform/linux/account_lock.h"
#include "platform/linux/password_places.h"

namespace steward::platform {
namespace {

const PasswordPlace* const places[] = {&password_quality, &password_history, &password_ageing,
                                       &account_lockout,  &idle_lock,        &account_passwords};

}  // namespace

Result<PasswordRules> LinuxPasswords::read() {
    PasswordRules rules;
    for (const auto* place : places) {
        if (auto read = place->read(files_, rules); !read) return std::move(read).error();
    }
    return rules;
}

Outcome LinuxPasswords::write_files(const PasswordRules& managed) {
    std::vector<Change> changes;
    for (const auto* place : places) {
        if (auto planned = place->plan(files_, managed, changes); !planned) return planned;
    }
    const AccountLock lock(files_);
    return files_.apply(changes);
}

Outcome LinuxPasswords::write(const PasswordRules& managed) {
    auto before = profiles_.present();
    if (!before) return std::move(before).error();
    auto needed = profiles_.needed(managed);
    if (!needed) return std::move(needed).error();
    if (auto brought = profiles_.bring(*needed); !brought) return brought;
    auto written = write_files(managed);
    if (!written) (void)profiles_.bring(*before);  // what failed first is what the caller has to know
    return written;
}

}  // namespace steward::platform

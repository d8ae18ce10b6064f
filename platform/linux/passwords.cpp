#include "platform/linux/passwords.h"

#include <vector>

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

Outcome LinuxPasswords::write(const PasswordRules& managed) {
    std::vector<Change> changes;
    for (const auto* place : places) {
        if (auto planned = place->plan(files_, managed, changes); !planned) return planned;
    }
    return files_.apply(changes);
}

}  // namespace steward::platform

#include "platform/linux/passwords.h"

#include <algorithm>
#include <vector>

#include "platform/linux/account_lock.h"
#include "platform/linux/dconf.h"
#include "platform/linux/password_places.h"

namespace steward::platform {
namespace {

const PasswordPlace* const places[] = {&password_quality, &password_history, &password_ageing,  &account_lockout,
                                       &idle_lock,        &desktop_lock,     &account_passwords};

// What makes these changes undone.
Result<std::vector<Change>> way_back(const Files& files, const std::vector<Change>& changes) {
    std::vector<Change> back;
    for (const auto& change : changes) {
        auto before = files.find(change.path);
        if (!before) return std::move(before).error();
        Change each{change.path, std::move(*before)};
        if (!each.content) {
            auto missing = files.missing_directories(change.path);
            if (!missing) return std::move(missing).error();
            each.prune = *missing;
        }
        back.push_back(std::move(each));
    }
    return back;
}

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
    if (std::none_of(changes.begin(), changes.end(),
                     [](const Change& each) { return each.path.starts_with(Dconf::databases); }))
        return files_.apply(changes);
    auto back = way_back(files_, changes);
    if (!back) return std::move(back).error();
    if (auto applied = files_.apply(changes); !applied) return applied;
    auto settled = Dconf(files_).settle(changes, processes_);
    if (!settled) (void)files_.apply(*back);  // what failed first is what the caller has to know
    return settled;
}

Result<PamTool*> LinuxPasswords::tool() {
    auto has_authselect = authselect_.here();
    if (!has_authselect) return std::move(has_authselect).error();
    if (*has_authselect) return &authselect_;
    return &profiles_;
}

Outcome LinuxPasswords::write(const PasswordRules& managed) {
    auto chosen = tool();
    if (!chosen) return std::move(chosen).error();
    PamTool& stack = **chosen;
    auto before = stack.present();
    if (!before) return std::move(before).error();
    auto needed = stack.needed(managed);
    if (!needed) return std::move(needed).error();
    if (auto brought = stack.bring(*needed); !brought) return brought;
    auto written = write_files(managed);
    if (!written) (void)stack.bring(*before);  // what failed first is what the caller has to know
    return written;
}

}  // namespace steward::platform

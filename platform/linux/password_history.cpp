// Password history through pam_pwhistory. Since Linux-PAM 1.5.3 (and on RHEL 9) the module reads pwhistory.conf; the
// package ships that file, so its presence says whether the module looks at it. An argument beats the file.
#include <algorithm>
#include <string>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/conf_file.h"
#include "platform/linux/pam.h"
#include "platform/linux/password_places.h"

namespace steward::platform {
namespace {

constexpr std::string_view path = "/etc/security/pwhistory.conf";
constexpr std::string_view key = "remember";
constexpr int default_remembered = 10;

Outcome plan(const Files& files, const PasswordRules& rules, std::vector<Change>& changes) {
    auto text = files.find(path);
    if (!text) return std::move(text).error();
    const ConfFile file(ConfFile::Style::equals, *text);
    std::vector<Assignment> ours;
    if (rules.history) {
        auto modules = find_pam_module(files, "password", "pam_pwhistory.so");
        if (!modules) return std::move(modules).error();
        if (modules->empty() && *rules.history > 0) {
            return without_pam_module(
                files, "password",
                "Nothing on this device remembers earlier passwords: pam_pwhistory is not in the PAM stack.");
        }
        const auto wanted = std::to_string(*rules.history);
        bool fixed = false;
        for (const auto& module : *modules) {
            const auto given = module.argument(key);
            fixed = fixed || given == wanted;
            if (given && given != wanted) {
                return Error{Fault::unsupported,
                             "The PAM stack itself fixes remember=" + *given + ", which no file overrules.",
                             module.file};
            }
        }
        if (!modules->empty() && !fixed) {
            if (!*text) {
                return Error{Fault::unsupported,
                             "The pam_pwhistory of this device reads no configuration file (Linux-PAM 1.5.3 does), and "
                             "the PAM stack has no remember= argument.",
                             modules->front().file};
            }
            ours.push_back({std::string(key), wanted});
        }
    }
    changes.push_back({std::string(path), file.with(ours)});
    return {};
}

Outcome read(const Files& files, PasswordRules& rules) {
    auto modules = find_pam_module(files, "password", "pam_pwhistory.so");
    if (!modules) return std::move(modules).error();
    auto text = files.find(path);
    if (!text) return std::move(text).error();
    rules.history = 0;
    for (const auto& module : *modules) {
        auto given = module.argument(key);
        if (!given) given = ConfFile(ConfFile::Style::equals, *text).value(key);
        const auto number = to_integer(given.value_or(std::to_string(default_remembered)));
        if (!number || *number < 0 || *number > 1000) {
            rules.history.reset();
            return {};
        }
        rules.history = static_cast<int>(*number);
    }
    return {};
}

}  // namespace

const PasswordPlace password_history = {read, plan};

}  // namespace steward::platform

// Lockout through pam_faillock and /etc/security/faillock.conf. An argument in the PAM stack beats the file.
// Source: faillock.conf(5).
#include <algorithm>
#include <string>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/conf_file.h"
#include "platform/linux/pam.h"
#include "platform/linux/password_places.h"

namespace steward::platform {
namespace {

constexpr int default_failures = 3;
constexpr int default_unlock_seconds = 600;
constexpr int default_interval_seconds = 900;

struct Faillock {
    std::vector<PamModule> modules;
    std::string path = "/etc/security/faillock.conf";
    std::optional<std::string> text;

    static Result<Faillock> of(const Files& files) {
        Faillock faillock;
        auto modules = find_pam_module(files, "auth", "pam_faillock.so");
        if (!modules) return std::move(modules).error();
        faillock.modules = std::move(*modules);
        for (const auto& module : faillock.modules) {
            if (auto path = module.argument("conf")) faillock.path = std::move(*path);
        }
        auto text = files.find(faillock.path);
        if (!text) return std::move(text).error();
        faillock.text = std::move(*text);
        return faillock;
    }

    ConfFile file() const { return {ConfFile::Style::equals, text}; }

    // Failures are counted by the line with "authfail"; without it nobody is ever locked.
    bool counts() const {
        return std::any_of(modules.begin(), modules.end(),
                           [](const PamModule& module) { return module.argument("authfail").has_value(); });
    }

    std::optional<std::string> argument(std::string_view key) const {
        for (const auto& module : modules) {
            if (auto value = module.argument(key)) return value;
        }
        return std::nullopt;
    }

    std::optional<int> seconds_or_count(std::string_view key, int otherwise) const {
        auto given = argument(key);
        if (!given) given = file().value(key);
        if (!given) return otherwise;
        if (*given == "never") return 0;
        const auto number = to_integer(*given);
        if (!number || *number < 0 || *number > 100'000'000) return std::nullopt;
        return static_cast<int>(*number);
    }
};

// Both rules hold: the account is locked at the first threshold that is reached.
std::optional<int> threshold(const PasswordRules& rules) {
    if (!rules.lockout) return rules.max_failed_attempts;
    const int other = rules.max_failed_attempts.value_or(0);
    if (other == 0 || rules.lockout->threshold == 0) return std::max(other, rules.lockout->threshold);
    return std::min(other, rules.lockout->threshold);
}

std::vector<Assignment> wanted_by(const PasswordRules& rules) {
    std::vector<Assignment> wanted;
    const auto deny = threshold(rules);
    if (deny) wanted.push_back({"deny", std::to_string(*deny)});
    if (rules.lockout) {
        wanted.push_back({"unlock_time", std::to_string(rules.lockout->duration_minutes * 60)});
        if (rules.lockout->reset_minutes > 0) {
            wanted.push_back({"fail_interval", std::to_string(rules.lockout->reset_minutes * 60)});
        }
    } else if (deny.value_or(0) > 0) {
        wanted.push_back({"unlock_time", "0"});
    }
    if (rules.lock_administrator == true) wanted.push_back({"even_deny_root", ""});
    if (rules.lock_administrator == false) {
        wanted.push_back({"even_deny_root", std::nullopt});
        wanted.push_back({"root_unlock_time", std::nullopt});  // implies even_deny_root
    }
    return wanted;
}

Outcome plan(const Files& files, const PasswordRules& rules, std::vector<Change>& changes) {
    auto faillock = Faillock::of(files);
    if (!faillock) return std::move(faillock).error();
    auto wanted = wanted_by(rules);
    if (!faillock->counts()) {
        if (threshold(rules).value_or(0) > 0 || rules.lock_administrator == true) {
            return without_pam_module(
                files, "auth", "Nothing on this device counts failed sign-ins: pam_faillock is not in the PAM stack.");
        }
        wanted.clear();
    }
    for (const auto& assignment : wanted) {
        const auto given = faillock->argument(assignment.key);
        if (given && given != assignment.value) {
            return Error{Fault::unsupported,
                         "The PAM stack itself fixes " + assignment.key +
                             " of pam_faillock, which no configuration file overrules.",
                         faillock->modules.front().file};
        }
    }
    changes.push_back({faillock->path, faillock->file().with(wanted)});
    return {};
}

int minutes(int seconds) {
    return (seconds + 59) / 60;  // so that a short time doesn't look like none
}

Outcome read(const Files& files, PasswordRules& rules) {
    auto faillock = Faillock::of(files);
    if (!faillock) return std::move(faillock).error();
    if (!faillock->counts()) {
        rules.max_failed_attempts = 0;
        rules.lock_administrator = false;
        return {};
    }
    const auto deny = faillock->seconds_or_count("deny", default_failures);
    const auto unlock = faillock->seconds_or_count("unlock_time", default_unlock_seconds);
    const auto interval = faillock->seconds_or_count("fail_interval", default_interval_seconds);
    rules.max_failed_attempts = deny;
    if (deny && unlock && interval) rules.lockout = Lockout{*deny, minutes(*unlock), minutes(*interval)};
    const auto file = faillock->file();
    rules.lock_administrator = faillock->argument("even_deny_root") || faillock->argument("root_unlock_time") ||
                               file.value("even_deny_root") || file.value("root_unlock_time");
    return {};
}

}  // namespace

const PasswordPlace account_lockout = {read, plan};

}  // namespace steward::platform

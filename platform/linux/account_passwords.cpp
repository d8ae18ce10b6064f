// Whether everyone who can sign in needs a password. Only looked at: to lock an account or to make its owner choose a
// password is not a setting of a file.
#include <set>
#include <string>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/pam.h"
#include "platform/linux/password_places.h"

namespace steward::platform {
namespace {

constexpr std::string_view passwd = "/etc/passwd";
constexpr std::string_view shadow = "/etc/shadow";

std::set<std::string, std::less<>> accounts_with_shell(std::string_view text) {
    std::set<std::string, std::less<>> names;
    for (const auto line : split(text, '\n')) {
        const auto parts = split(line, ':');
        if (parts.size() < 7) continue;
        const auto program = parts[6].substr(parts[6].rfind('/') + 1);
        if (program != "nologin" && program != "false") names.emplace(parts[0]);
    }
    return names;
}

// The first account that can be entered without a password; empty when there is none.
Result<std::string> open_account(const Files& files) {
    auto modules = find_pam_module(files, "auth", "pam_unix.so");
    if (!modules) return std::move(modules).error();
    bool accepts_empty = false;
    for (const auto& module : *modules) accepts_empty = accepts_empty || module.argument("nullok").has_value();
    if (!accepts_empty) return std::string();
    auto accounts = files.read(passwd);
    if (!accounts) return std::move(accounts).error();
    auto secrets = files.read(shadow);
    if (!secrets) return std::move(secrets).error();
    const auto names = accounts_with_shell(*accounts);
    for (const auto line : split(*secrets, '\n')) {
        const auto parts = split(line, ':');
        if (parts.size() > 1 && parts[1].empty() && names.contains(parts[0])) return std::string(parts[0]);
    }
    return std::string();
}

Outcome plan(const Files& files, const PasswordRules& rules, std::vector<Change>&) {
    if (!rules.required.value_or(false)) return {};
    auto account = open_account(files);
    if (!account) return std::move(account).error();
    if (account->empty()) return {};
    return Error{Fault::unsupported,
                 "The account \"" + *account + "\" has an empty password: it has to be locked or given one first.",
                 std::string(shadow)};
}

Outcome read(const Files& files, PasswordRules& rules) {
    const auto account = open_account(files);
    if (account) rules.required = account->empty();  // who may not look can't know
    return {};
}

}  // namespace

const PasswordPlace account_passwords = {read, plan};

}  // namespace steward::platform

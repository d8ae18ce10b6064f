#include "platform/linux/pam_profiles.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/pam.h"

namespace steward::platform {
namespace {

constexpr std::string_view tool = "/usr/sbin/pam-auth-update";
constexpr std::string_view directory = "/usr/share/pam-configs/";

// Source: pam-auth-update(8). The priorities stand against 1024 of pwquality and 256 of unix.
constexpr std::string_view before_name = "steward-faillock";
constexpr std::string_view before_text =
    "Name: Steward: lockout, refuse who is locked\nDefault: no\nPriority: 1024\n"
    "Auth-Type: Primary\nAuth:\n\trequisite\tpam_faillock.so preauth\n"
    "Account-Type: Primary\nAccount:\n\trequired\tpam_faillock.so\n";
constexpr std::string_view count_name = "steward-faillock-count";
constexpr std::string_view count_text =
    "Name: Steward: lockout, count failures\nDefault: no\nPriority: 0\n"
    "Auth-Type: Primary\nAuth:\n\t[default=die]\tpam_faillock.so authfail\n";
constexpr std::string_view history_name = "steward-pwhistory";

// First in the stack it has to ask for the password itself, hence the second form.
std::string history_text(int remembered) {
    const auto line = "\trequisite\tpam_pwhistory.so remember=" + std::to_string(remembered);
    return "Name: Steward: earlier passwords\nDefault: no\nPriority: 512\nPassword-Type: Primary\nPassword:\n" + line +
           " use_authtok\nPassword-Initial:\n" + line + "\n";
}

constexpr std::array<std::string_view, 3> every_name = {before_name, count_name, history_name};

std::string path_of(std::string_view name) {
    return std::string(directory) + std::string(name);
}

std::string remembered_by(const std::string& profile) {
    const auto at = profile.find("remember=");
    return at == std::string::npos ? "" : profile.substr(at, profile.find_first_of(" \n", at) - at);
}

}  // namespace

Result<PamParts> PamProfiles::present() const {
    PamParts found;
    for (const auto name : every_name) {
        auto text = files_.find(path_of(name));
        if (!text) return std::move(text).error();
        if (*text) found.emplace(name, std::move(**text));
    }
    return found;
}

Result<PamParts> PamProfiles::needed(const PasswordRules& rules) const {
    PamParts wanted;
    if (auto has_tool = files_.present(tool); !has_tool || !*has_tool) return wanted;
    auto ours = present();
    if (!ours) return ours;
    const bool locks = counts_failures(rules);
    for (const auto& [needs, type, module, name] :
         {std::tuple(locks, "auth", "pam_faillock.so", before_name),
          std::tuple(rules.history.value_or(0) > 0, "password", "pam_pwhistory.so", history_name)}) {
        if (!needs) continue;
        auto modules = find_pam_module(files_, type, module);
        if (!modules) return std::move(modules).error();
        // A module that a package or an administrator put there is configured, not doubled.
        if (!modules->empty() && !ours->contains(std::string(name))) continue;
        if (name == history_name) {
            wanted.emplace(history_name, history_text(*rules.history));
        } else {
            wanted.emplace(before_name, before_text);
            wanted.emplace(count_name, count_text);
        }
    }
    return wanted;
}

// Whether the stack runs the module of any of these profiles.
Result<bool> PamProfiles::runs(const PamParts& profiles) const {
    for (const auto& entry : profiles) {
        const bool history = entry.first == history_name;
        auto modules = history ? find_pam_module(files_, "password", "pam_pwhistory.so")
                               : find_pam_module(files_, "auth", "pam_faillock.so");
        if (!modules) return std::move(modules).error();
        if (!modules->empty()) return true;
    }
    return false;
}

Result<bool> PamProfiles::in_force(const PamParts& profiles) const {
    auto counting = find_pam_module(files_, "auth", "pam_faillock.so");
    if (!counting) return std::move(counting).error();
    auto remembering = find_pam_module(files_, "password", "pam_pwhistory.so");
    if (!remembering) return std::move(remembering).error();
    const bool counts = std::any_of(counting->begin(), counting->end(),
                                    [](const PamModule& module) { return module.argument("authfail").has_value(); });
    const auto wanted = profiles.find(std::string(history_name));
    if (profiles.contains(std::string(count_name)) && !counts) return false;
    if (wanted == profiles.end()) return true;
    const auto argument = remembered_by(wanted->second);
    return std::any_of(remembering->begin(), remembering->end(), [&](const PamModule& module) {
        return std::find(module.arguments.begin(), module.arguments.end(), argument) != module.arguments.end();
    });
}

Outcome PamProfiles::run_tool(const std::vector<std::string>& arguments) {
    Command command;
    command.arguments = {std::string(tool)};
    if (files_.root() != "/") command.arguments.insert(command.arguments.end(), {"--root", files_.root()});
    command.arguments.emplace_back("--package");
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.environment = {{"DEBIAN_FRONTEND", "noninteractive"}};
    auto ended = processes_.run(command);
    if (!ended) return std::move(ended).error();
    if (ended->code != 0 && ended->errors.find("is locked by another process") != std::string::npos) {
        return Error{Fault::busy, "The packages of this device are being changed just now: try again later.",
                     std::string(trim(ended->errors))};
    }
    if (ended->code != 0) {
        return Error{Fault::io, "pam-auth-update failed with exit code " + std::to_string(ended->code) + ".",
                     std::string(trim(ended->errors))};
    }
    // It says so with exit code 0 when it does nothing.
    if (ended->errors.find("Local modifications") != std::string::npos) {
        return Error{Fault::unsupported,
                     "The PAM stack of this device was edited by hand, so pam-auth-update does not change it: add the "
                     "module there, or let the tool make the stack again with pam-auth-update --force.",
                     std::string(trim(ended->errors))};
    }
    return {};
}

// Profiles go from the stack before their files do, and come into it after them: whenever this is cut short, the files
// that are there say what is left to do.
Outcome PamProfiles::update(const PamParts& profiles, const PamParts& before) {
    std::vector<std::string> gone{"--remove"}, here{"--enable"};
    std::vector<Change> removals, additions;
    PamParts leaving;
    for (const auto& [name, text] : before) {
        if (profiles.contains(name)) continue;
        leaving.emplace(name, text);
        gone.push_back(name);
        removals.push_back({path_of(name), std::nullopt});
    }
    for (const auto& [name, text] : profiles) {
        here.push_back(name);
        additions.push_back({path_of(name), text});
    }
    if (!removals.empty()) {
        auto running = runs(leaving);
        if (!running) return std::move(running).error();
        if (*running) {
            if (auto ran = run_tool(gone); !ran) return ran;
        }
        if (auto removed = files_.apply(removals); !removed) return removed;
    }
    if (profiles.empty()) return {};
    if (auto written = files_.apply(additions); !written) return written;
    if (auto ran = run_tool(here); !ran) return ran;
    auto now = in_force(profiles);
    if (!now) return std::move(now).error();
    if (*now) return {};
    return Error{Fault::io, "pam-auth-update did not bring the module into the PAM stack.", std::string(directory)};
}

Outcome PamProfiles::bring(const PamParts& profiles) {
    auto before = present();
    if (!before) return std::move(before).error();
    auto so_already = in_force(profiles);
    if (!so_already) return std::move(so_already).error();
    if (*before == profiles && *so_already) return {};
    auto updated = update(profiles, *before);
    if (!updated && *before != profiles) {
        auto after = present();
        if (after) (void)update(*before, *after);  // what failed first is what the caller has to know
    }
    return updated;
}

}  // namespace steward::platform

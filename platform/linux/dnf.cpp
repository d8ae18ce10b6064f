#include "platform/linux/dnf.h"

#include <chrono>
#include <utility>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::string_view dnf_tool = "/usr/bin/dnf";
constexpr std::string_view rpm_tool = "/usr/bin/rpm";
constexpr std::string_view automatic = "/usr/bin/dnf-automatic";
// It always writes one, and the service may write none in /var/log.
constexpr std::string_view log_option = "--setopt=logdir=/var/lib/steward/dnf";
constexpr std::chrono::minutes longest_fetch{10};
constexpr std::chrono::hours longest_install{3};

std::vector<Dnf::Package> packages_of(const std::string& text) {
    std::vector<Dnf::Package> packages;
    for (const auto line : split(text, '\n')) {
        const auto parts = split(line, '\t');
        if (parts.size() < 2) continue;
        auto version = parts[1];
        if (version.starts_with("0:")) version.remove_prefix(2);
        packages.push_back({std::string(parts[0]), std::string(version), std::nullopt});
        const auto seconds = parts.size() > 2 ? to_integer(parts[2]) : std::nullopt;
        if (seconds) packages.back().installed = Instant(std::chrono::seconds(*seconds));
    }
    return packages;
}

Error failed(const Ended& ended, std::string_view tool) {
    return {Fault::io, std::string(tool) + " failed with exit code " + std::to_string(ended.code) + ".",
            std::string(trim(ended.errors))};
}

}  // namespace

// Since Fedora 41 the name leads to dnf5, which has other options and units.
Result<bool> Dnf::present() const {
    const auto target = files_.link_target(dnf_tool);
    if (target && target->ends_with("dnf5")) return false;
    return files_.present(dnf_tool);
}

Result<bool> Dnf::installs_unattended() const {
    return files_.present(automatic);
}

Result<Ended> Dnf::run(std::vector<std::string> arguments, std::chrono::milliseconds deadline) const {
    Command command;
    command.arguments = std::move(arguments);
    const auto where = files_.root() == "/" ? std::string(log_option) : "--installroot=" + files_.root();
    command.arguments.insert(command.arguments.begin(), {std::string(dnf_tool), "-q", where});
    command.limit = 8 << 20;
    command.deadline = deadline;
    command.environment = {{"LC_ALL", "C"}};  // words of it are read
    return processes_.run(command);
}

Outcome Dnf::fetch() const {
    auto ended = run({"makecache"}, longest_fetch);
    if (!ended) return std::move(ended).error();
    if (ended->code != 0) return failed(*ended, "dnf makecache");
    return {};
}

Result<std::vector<Dnf::Package>> Dnf::query(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--cacheonly", "repoquery", "--queryformat=%{name}\t%{evr}"});
    auto ended = run(std::move(arguments));
    if (!ended) return std::move(ended).error();
    if (ended->code != 0) return failed(*ended, "dnf");
    return packages_of(ended->output);
}

Result<std::vector<Dnf::Package>> Dnf::upgrades(const Upgrades& which) const {
    std::vector<std::string> arguments{"--upgrades", "--disableexcludes=main"};
    if (which.only_latest) arguments.emplace_back("--latest-limit=1");
    if (which.only_security) arguments.emplace_back("--security");
    return query(std::move(arguments));
}

Result<std::vector<Dnf::Package>> Dnf::twice() const {
    return query({"--duplicates"});
}

Result<std::vector<Dnf::Package>> Dnf::packages() const {
    Command command;
    command.arguments = {std::string(rpm_tool), "--query", "--all",
                         "--queryformat=%{NAME}\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\t%{INSTALLTIME}\n"};
    if (files_.root() != "/") command.arguments.insert(command.arguments.begin() + 1, "--root=" + files_.root());
    command.limit = 8 << 20;
    auto ended = processes_.run(command);
    if (!ended) return std::move(ended).error();
    if (ended->code != 0) return failed(*ended, "rpm");
    return packages_of(ended->output);
}

Result<Ended> Dnf::needs_restarting(const char* what) const {
    auto ended = run({"--cacheonly", "needs-restarting", what});
    if (ended && ended->errors.find("No such command") != std::string::npos) {
        return Error{Fault::unsupported,
                     "Nothing on this device tells whether updates want a restart: install the package "
                     "dnf-plugins-core.",
                     std::string(trim(ended->errors))};
    }
    return ended;
}

// Core libraries or services have been updated since boot-up:
//   * glibc
Result<std::vector<std::string>> Dnf::wanting_restart() const {
    auto ended = needs_restarting("--reboothint");
    if (!ended) return std::move(ended).error();
    std::vector<std::string> names;
    for (const auto line : split(ended->output, '\n')) {
        constexpr std::string_view bullet = "  * ";
        if (line.starts_with(bullet)) names.emplace_back(trim(line.substr(bullet.size())));
    }
    // It ends with 1 when a restart is wanted, and when it could not tell.
    if (ended->code == 0 || (ended->code == 1 && !names.empty())) return names;
    return failed(*ended, "dnf needs-restarting");
}

Result<std::vector<std::string>> Dnf::stale_services() const {
    auto ended = needs_restarting("--services");
    if (!ended) return std::move(ended).error();
    if (ended->code != 0) return failed(*ended, "dnf needs-restarting");
    std::vector<std::string> units;
    for (const auto line : split(ended->output, '\n')) {
        if (const auto unit = trim(line); unit.ends_with(".service")) units.emplace_back(unit);
    }
    return units;
}

Outcome Dnf::install() const {
    Command command;
    command.arguments = {std::string(automatic), "--installupdates"};
    command.deadline = longest_install;
    auto ended = processes_.run(command);
    if (!ended) return std::move(ended).error();
    if (ended->code != 0) {
        return Error{Fault::io, "dnf-automatic could not install what is due: see /var/log/dnf.log.",
                     "exit code " + std::to_string(ended->code) + ": " + std::string(trim(ended->errors))};
    }
    return {};
}

}  // namespace steward::platform

#include "platform/linux/apt.h"

#include <utility>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::string_view config_tool = "/usr/bin/apt-config";
constexpr std::string_view query_tool = "/usr/bin/dpkg-query";
constexpr std::string_view cache_tool = "/usr/bin/apt-cache";
constexpr std::string_view get_tool = "/usr/bin/apt-get";
constexpr std::string_view unattended = "/usr/bin/unattended-upgrade";

// Inst openssl [3.0.16-1] (3.0.17-1~deb12u3 Debian-Security:12/stable-security [amd64])
bool parse(std::string_view line, Apt::Upgrade& upgrade) {
    if (!line.starts_with("Inst ")) return false;
    line.remove_prefix(5);
    const auto name_end = line.find(' ');
    const auto from_begin = line.find(" ["), from_end = line.find("] (");
    if (name_end == std::string_view::npos || from_begin != name_end || from_end == std::string_view::npos) {
        return false;  // a package that is not there yet is no update
    }
    upgrade.name = line.substr(0, name_end);
    upgrade.from = line.substr(from_begin + 2, from_end - from_begin - 2);
    auto rest = line.substr(from_end + 3);
    const auto to_end = rest.find(' ');
    if (to_end == std::string_view::npos) return false;
    upgrade.to = rest.substr(0, to_end);
    rest.remove_prefix(to_end + 1);
    upgrade.origin = trim(rest.substr(0, rest.find(" [")));
    return true;
}

}  // namespace

Result<bool> Apt::present() const {
    return files_.present(config_tool);
}

Result<bool> Apt::installs_unattended() const {
    return files_.present(unattended);
}

Result<std::string> Apt::ask(std::vector<std::string> arguments) const {
    Command command;
    command.arguments = std::move(arguments);
    command.limit = 8 << 20;
    // A private root tells apt where it is by a file of its own: -o comes too late for the files that apt reads first.
    if (files_.root() != "/") command.environment = {{"APT_CONFIG", files_.root() + "/etc/apt/root.conf"}};
    auto ended = processes_.run(command);
    if (!ended) return std::move(ended).error();
    if (ended->code != 0) {
        return Error{Fault::io,
                     command.arguments.front() + " failed with exit code " + std::to_string(ended->code) + ".",
                     std::string(trim(ended->errors))};
    }
    return std::move(ended->output);
}

Result<Apt::Options> Apt::options() const {
    auto said = ask({std::string(config_tool), "dump"});
    if (!said) return std::move(said).error();
    Options options;
    for (const auto line : split(*said, '\n')) {
        const auto quote = line.find(" \"");
        if (quote == std::string_view::npos || !line.ends_with("\";")) continue;
        auto name = line.substr(0, quote);
        const auto value = line.substr(quote + 2, line.size() - quote - 4);
        const bool listed = name.ends_with("::");
        if (listed) name.remove_suffix(2);
        auto& values = options[std::string(name)];
        if (!listed) values.clear();
        if (listed || !value.empty()) values.emplace_back(value);
    }
    return options;
}

Result<std::vector<Apt::Upgrade>> Apt::upgrades() const {
    auto said = ask({std::string(get_tool), "-s", "-o", "Debug::NoLocking=true", "--with-new-pkgs", "upgrade"});
    if (!said) return std::move(said).error();
    std::vector<Upgrade> upgrades;
    for (const auto line : split(*said, '\n')) {
        Upgrade upgrade;
        if (parse(line, upgrade)) upgrades.push_back(std::move(upgrade));
    }
    return upgrades;
}

// openssl:
//   …
//   Version table:
//      3.0.17-1 -1
//         500 http://security.debian.org/debian-security bookworm-security/main amd64 Packages
//  *** 3.0.16-1 100
Result<std::vector<Apt::Upgrade>> Apt::newer(const std::vector<std::string>& names) const {
    std::vector<std::string> arguments{std::string(cache_tool), "policy"};
    arguments.insert(arguments.end(), names.begin(), names.end());
    auto said = ask(std::move(arguments));
    if (!said) return std::move(said).error();
    constexpr std::string_view installed = " *** ", other = "     ", source = "      ";
    std::vector<Upgrade> newer, above;
    std::string_view name;
    for (const auto line : split(*said, '\n')) {
        if (!line.starts_with(' ') && line.ends_with(':')) {
            name = line.substr(0, line.size() - 1);
            above.clear();
        } else if (line.starts_with(source)) {
            if (!above.empty()) above.back().origin += std::string(trim(line)) + " ";
        } else if (line.starts_with(other)) {
            const auto words = split(line.substr(other.size()), ' ');
            const auto priority = words.size() > 1 ? to_integer(words[1]) : std::nullopt;
            above.push_back({std::string(name), {}, std::string(words[0]), {}, static_cast<int>(priority.value_or(0))});
        } else if (line.starts_with(installed)) {
            const auto from = line.substr(installed.size(), line.find(' ', installed.size()) - installed.size());
            for (auto& each : above) {
                each.from = from;
                newer.push_back(std::move(each));
            }
            above.clear();
            name = {};
        }
    }
    return newer;
}

Result<std::vector<Apt::Package>> Apt::packages() const {
    std::vector<std::string> arguments{std::string(query_tool), "--show",
                                       "--showformat=${Package}\t${Version}\t${Status}\n"};
    if (files_.root() != "/") arguments.insert(arguments.begin() + 1, "--admindir=" + files_.root() + "/var/lib/dpkg");
    auto said = ask(std::move(arguments));
    if (!said) return std::move(said).error();
    std::vector<Package> packages;
    for (const auto line : split(*said, '\n')) {
        const auto parts = split(line, '\t');
        if (parts.size() == 3)
            packages.push_back({std::string(parts[0]), std::string(parts[1]), std::string(parts[2])});
    }
    return packages;
}

std::string last_of(const Apt::Options& options, std::string_view name, std::string_view otherwise) {
    const auto found = options.find(name);
    return found == options.end() || found->second.empty() ? std::string(otherwise) : found->second.back();
}

}  // namespace steward::platform

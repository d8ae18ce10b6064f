// The inactivity limit: logind locks sessions that report being idle, the shell ends text logins (TMOUT).
// Source: logind.conf(5), systemd.time(7), bash(1).
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/drop_in.h"
#include "platform/linux/password_places.h"
#include "platform/linux/unit_file.h"

namespace steward::platform {
namespace {

constexpr std::string_view places[] = {"/etc/systemd/", "/run/systemd/", "/usr/local/lib/systemd/",
                                       "/usr/lib/systemd/"};
constexpr std::string_view our_name = "50-steward.conf";
constexpr std::string_view our_drop_in = "/etc/systemd/logind.conf.d/50-steward.conf";
constexpr std::string_view profile_directory = "/etc/profile.d";
constexpr std::string_view our_script = "/etc/profile.d/50-steward-tmout.sh";
constexpr std::int64_t default_idle_seconds = 30 * 60;

struct Logind {
    std::string action = "ignore";
    std::string idle_time;   // empty: the default
    std::string decided_by;  // the last file that set either; empty: none
};

void parse_logind(std::string_view text, const std::string& path, Logind& logind) {
    bool in_section = false;
    for (const auto raw : split(text, '\n')) {
        const auto line = trim(raw);
        if (line.starts_with('[')) in_section = line == "[Login]";
        const auto equals = line.find('=');
        if (!in_section || line.starts_with('#') || line.starts_with(';') || equals == std::string_view::npos) continue;
        const auto key = trim(line.substr(0, equals));
        const auto value = trim(line.substr(equals + 1));
        if (key != "IdleAction" && key != "IdleActionSec") continue;
        (key == "IdleAction" ? logind.action : logind.idle_time) = value;
        logind.decided_by = path;
    }
}

Result<std::vector<std::string>> logind_files(const Files& files) {
    return systemd_files(files, places, "logind.conf");
}

Result<Logind> read_logind(const Files& files) {
    auto paths = logind_files(files);
    if (!paths) return std::move(paths).error();
    Logind logind;
    for (const auto& path : *paths) {
        auto text = files.find(path);
        if (!text) return std::move(text).error();
        parse_logind(text->value_or(""), path, logind);
    }
    return logind;
}

// "15min", "1h 30min", "900": seconds; nullopt for what we don't understand.
std::optional<std::int64_t> time_span(std::string_view text) {
    static const std::map<std::string, std::int64_t, std::less<>> units = {
        {"", 1},        {"s", 1},        {"sec", 1},  {"second", 1}, {"seconds", 1}, {"m", 60},      {"min", 60},
        {"minute", 60}, {"minutes", 60}, {"h", 3600}, {"hr", 3600},  {"hour", 3600}, {"hours", 3600}};
    std::int64_t total = 0;
    while (!(text = trim(text)).empty()) {
        const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
        const auto number = to_integer(text.substr(0, digits));
        if (!number || *number > 100'000'000) return std::nullopt;
        text = trim(text.substr(digits));
        const auto letters = std::min(text.find_first_of(" 0123456789"), text.size());
        const auto unit = units.find(text.substr(0, letters));
        if (unit == units.end()) return std::nullopt;
        total += *number * unit->second;
        text.remove_prefix(letters);
    }
    return total;
}

struct Timeout {
    std::int64_t seconds = 0;  // 0: text logins stay open
    bool fixed = false;        // readonly: later scripts can't change it
    std::string path;
};

// Plain assignments only; whatever a script computes is not followed.
void parse_timeout(std::string_view text, const std::string& path, Timeout& timeout) {
    for (const auto line : split(text, '\n')) {
        if (trim(line).starts_with('#')) continue;
        bool fixed = false;
        for (const auto statement : split(line, ';')) {
            for (const auto word : split(statement, ' ')) {
                fixed = fixed || trim(word) == "readonly" || trim(word) == "-r" || trim(word) == "-xr";
                const bool names = trim(word) == "TMOUT" || trim(word).starts_with("TMOUT=");
                if (!names || timeout.fixed) continue;
                if (const auto value = to_integer(trim(word).substr(std::min<std::size_t>(6, trim(word).size())))) {
                    timeout.seconds = std::max<std::int64_t>(*value, 0);
                    timeout.path = path;
                }
                timeout.fixed = fixed;
            }
        }
    }
}

// What login shells are given by the scripts that run before `until` (all of them when it is empty).
Result<Timeout> read_timeout(const Files& files, std::string_view until) {
    Timeout timeout;
    std::vector<std::string> paths = {"/etc/profile"};
    auto names = files.list(profile_directory);
    if (!names && names.error().fault != Fault::not_found) return std::move(names).error();
    if (names) {
        for (const auto& name : *names) {
            if (name.ends_with(".sh")) paths.push_back(std::string(profile_directory) + "/" + name);
        }
    }
    for (const auto& path : paths) {
        if (path == until) break;
        auto text = files.find(path);
        if (!text) return std::move(text).error();
        parse_timeout(text->value_or(""), path, timeout);
    }
    return timeout;
}

// Nothing that is read after our files, or can't be changed by them, may say otherwise.
Outcome enforceable(const Files& files, int minutes) {
    auto paths = logind_files(files);
    if (!paths) return std::move(paths).error();
    if (paths->empty()) {
        return Error{Fault::unsupported, "This device has no systemd-logind that could lock an idle session.",
                     "/etc/systemd/logind.conf"};
    }
    for (const auto& path : *paths) {
        if (path.find(".d/") == std::string::npos || path.substr(path.rfind('/') + 1) <= our_name) continue;
        auto text = files.find(path);
        if (!text) return std::move(text).error();
        Logind later;
        parse_logind(text->value_or(""), path, later);
        if (later.decided_by.empty()) continue;
        return Error{Fault::unsupported, "Another drop-in file, read after ours, decides what happens on idleness.",
                     path};
    }
    auto earlier = read_timeout(files, our_script);
    if (!earlier) return std::move(earlier).error();
    if (earlier->fixed && (earlier->seconds == 0 || earlier->seconds > minutes * 60)) {
        return Error{Fault::unsupported, "Another login script fixes TMOUT to a weaker value.", earlier->path};
    }
    return {};
}

Outcome plan(const Files& files, const PasswordRules& rules, std::vector<Change>& changes) {
    std::string logind, script;
    if (rules.inactivity_minutes) {
        const int minutes = *rules.inactivity_minutes;
        if (minutes > 0) {
            if (auto possible = enforceable(files, minutes); !possible) return possible;
            const auto seconds = std::to_string(minutes * 60);
            logind = "[Login]\nIdleAction=lock\nIdleActionSec=" + seconds + "\n";
            auto earlier = read_timeout(files, our_script);
            if (!earlier) return std::move(earlier).error();
            if (!earlier->fixed) script = "TMOUT=" + seconds + "\nreadonly TMOUT\nexport TMOUT\n";
        } else {
            logind = "[Login]\nIdleAction=ignore\n";
        }
    }
    for (const auto& [path, body] : {std::pair(our_drop_in, &logind), std::pair(our_script, &script)}) {
        auto change = drop_in(files, std::string(path), *body);
        if (!change) return std::move(change).error();
        changes.push_back(std::move(*change));
    }
    return {};
}

Outcome read(const Files& files, PasswordRules& rules) {
    auto logind = read_logind(files);
    if (!logind) return std::move(logind).error();
    auto timeout = read_timeout(files, "");
    if (!timeout) return std::move(timeout).error();
    if (logind->action != "lock" || timeout->seconds == 0) {  // one door stays open
        rules.inactivity_minutes = 0;
        return {};
    }
    const auto idle = logind->idle_time.empty() ? default_idle_seconds : time_span(logind->idle_time);
    if (!idle) return {};
    rules.inactivity_minutes = static_cast<int>((std::max(*idle, timeout->seconds) + 59) / 60);
    return {};
}

}  // namespace

const PasswordPlace idle_lock = {read, plan};

}  // namespace steward::platform

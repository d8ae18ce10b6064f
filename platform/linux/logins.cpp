#include "platform/linux/logins.h"

#include <utmpx.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "platform/linux/variables.h"

namespace steward::platform {
namespace {

constexpr std::string_view sessions_directory = "/run/systemd/sessions";

// Source: sd-login(3). A session that is closing has no user at it any more.
std::set<std::string> from_logind(const Files& files, const std::vector<std::string>& sessions) {
    std::set<std::string> users;
    for (const auto& session : sessions) {
        if (session.ends_with(".ref")) continue;  // a pipe that keeps the session alive
        const auto variables = read_variables(files, std::string(sessions_directory) + "/" + session);
        const auto user = find_variable(variables, "USER");
        const auto kind = find_variable(variables, "CLASS").value_or("user");
        if (!user || !kind.starts_with("user") || find_variable(variables, "STATE") == "closing") continue;
        users.insert(*user);
    }
    return users;
}

Result<std::set<std::string>> from_utmp(const Files& files) {
    std::set<std::string> users;
    auto text = files.find(files.exists("/run/utmp") ? "/run/utmp" : "/var/run/utmp");
    if (!text) return std::move(text).error();
    std::string_view rest = text->has_value() ? std::string_view(**text) : std::string_view();
    for (; rest.size() >= sizeof(utmpx); rest.remove_prefix(sizeof(utmpx))) {
        utmpx entry{};
        std::memcpy(&entry, rest.data(), sizeof entry);
        if (entry.ut_type != USER_PROCESS) continue;
        users.emplace(entry.ut_user, ::strnlen(entry.ut_user, sizeof entry.ut_user));
    }
    return users;
}

}  // namespace

Result<Logins> LinuxLogins::read() {
    Result<std::set<std::string>> users = std::set<std::string>();
    auto sessions = files_.list(sessions_directory);
    if (sessions) {
        users = from_logind(files_, *sessions);
    } else if (sessions.error().fault == Fault::not_found) {
        users = from_utmp(files_);
    } else {
        return std::move(sessions).error();
    }
    if (!users) return std::move(users).error();
    return Logins{{users->begin(), users->end()}};
}

Outcome LinuxLogins::write(const Logins&) {
    return Error{Fault::refused, "Who is signed in is observed, not set.", ""};
}

}  // namespace steward::platform

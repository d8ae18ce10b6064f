#include "platform/windows/screens.h"

#include <set>
#include <string>
#include <utility>

namespace steward::platform {
namespace {

bool open(const TerminalSession& session) {
    return !session.user.empty() && session.at_screen && !session.locked.value_or(false);
}

}  // namespace

Result<Logins> WindowsLogins::read() {
    auto sessions = calls_.list();
    if (!sessions) return std::move(sessions).error();
    std::set<std::string> users;
    for (const auto& session : *sessions) {
        if (!session.user.empty()) users.insert(session.user);
    }
    return Logins{{users.begin(), users.end()}};
}

Outcome WindowsLogins::write(const Logins&) {
    return Error{Fault::refused, "Who is signed in is observed, not set.", ""};
}

Outcome WindowsScreens::lock_all() {
    auto sessions = calls_.list();
    if (!sessions) return std::move(sessions).error();
    Outcome worst;
    for (const auto& session : *sessions) {
        if (!open(session)) continue;
        if (auto locked = calls_.disconnect(session.id); !locked) worst = std::move(locked);  // the others all the same
    }
    if (!worst) return worst;
    sessions = calls_.list();
    if (!sessions) return std::move(sessions).error();
    std::string still_open;
    for (const auto& session : *sessions) {
        if (open(session)) still_open += (still_open.empty() ? "" : ", ") + session.user;
    }
    if (still_open.empty()) return {};
    return Error{Fault::io, "These sessions are still open: " + still_open + ".", {}};
}

}  // namespace steward::platform

#include "platform/linux/screens.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr char logind[] = "org.freedesktop.login1";
constexpr char manager_path[] = "/org/freedesktop/login1";
constexpr char manager[] = "org.freedesktop.login1.Manager";
constexpr char session_interface[] = "org.freedesktop.login1.Session";
constexpr std::chrono::milliseconds between_looks(100);

bool has_screen(const std::string& kind) {
    return kind == "x11" || kind == "wayland" || kind == "mir";
}

}  // namespace

Result<std::vector<LinuxScreens::Session>> LinuxScreens::sessions() {
    auto answer = bus_.call({logind, manager_path, manager, "ListSessions"});
    if (!answer) return std::move(answer).error();
    std::vector<Session> found;
    if (answer->empty()) return found;
    for (const auto& entry : answer->front().elements()) {  // id, user's number, user, seat, path
        const auto& parts = entry.elements();
        if (parts.size() < 5) continue;
        Session session{
            parts[0].as_text().value_or(""), parts[2].as_text().value_or(""), parts[4].as_text().value_or(""), {}};
        const BusObject object{logind, session.path, session_interface};
        auto purpose = get_property(bus_, object, "Class");
        auto kind = get_property(bus_, object, "Type");
        if (!purpose || !kind) continue;  // it has ended meanwhile
        if (purpose->as_text() != "user") continue;
        session.kind = kind->as_text().value_or("");
        found.push_back(std::move(session));
    }
    return found;
}

Result<bool> LinuxScreens::locked(const Session& session) {
    auto hint = get_property(bus_, {logind, session.path, session_interface}, "LockedHint");
    if (!hint) {
        if (hint.error().fault == Fault::not_found) return true;  // nobody is there any more
        return std::move(hint).error();
    }
    return hint->as_boolean().value_or(false);
}

Outcome LinuxScreens::lock_all() {
    auto open = sessions();
    if (!open) return std::move(open).error();
    if (auto told = bus_.call({logind, manager_path, manager, "LockSessions"}); !told) return std::move(told).error();
    std::vector<std::string> open_doors;
    const auto until = std::chrono::steady_clock::now() + patience_;
    for (const auto& session : *open) {
        if (session.kind == "unspecified") continue;  // runs programs without anybody to look at them
        bool closed = false;
        while (has_screen(session.kind)) {
            auto now = locked(session);
            if (!now) return std::move(now).error();
            closed = *now;
            if (closed || std::chrono::steady_clock::now() >= until) break;
            std::this_thread::sleep_for(between_looks);
        }
        if (!closed) open_doors.push_back("session " + session.id + " of " + session.user + " (" + session.kind + ")");
    }
    if (open_doors.empty()) return {};
    return Error{Fault::unsupported,
                 "Not every session could be locked: a text login has nothing to be locked with, and a desktop has to "
                 "say that it is.",
                 join(open_doors, ", ")};
}

}  // namespace steward::platform

#include "platform/linux/units.h"

#include <utility>

#include "platform/base/text.h"

namespace steward::platform {

Result<std::string> Units::run(std::vector<std::string> arguments) {
    Command command;
    command.arguments = std::move(arguments);
    command.arguments.insert(command.arguments.begin(), "/usr/bin/systemctl");
    auto ended = processes_.run(command);
    if (!ended) return std::move(ended).error();
    if (ended->code != 0) {
        return Error{Fault::io,
                     "systemd did not take the changed units: systemctl " + command.arguments[1] + " failed.",
                     std::string(trim(ended->errors))};
    }
    return std::move(ended->output);
}

Outcome Units::refresh(const std::vector<UnitFile>& units) {
    if (!tell_) return {};
    std::vector<std::string> changed;
    for (const auto& [unit, file, ours] : units) {
        // NeedDaemonReload does not see a directory of drop-ins that is new, hence the look at what was read.
        auto state = run({"show", "--property=FragmentPath,DropInPaths,NeedDaemonReload,ActiveState", unit});
        if (!state) return std::move(state).error();
        auto there = files_.present(file);
        if (!there) return std::move(there).error();
        const bool is_read = state->find(file) != std::string::npos;
        const bool made_by_it = state->find("FragmentPath=" + file) != std::string::npos;
        // A timer that is ours altogether has been read by this very question, and waits to be started.
        const bool runs = !(made_by_it || ours) || state->find("ActiveState=active") != std::string::npos;
        if (is_read == *there && runs && state->find("NeedDaemonReload=yes") == std::string::npos) continue;
        if (made_by_it && !*there) {
            if (auto stopped = run({"stop", unit}); !stopped) return std::move(stopped).error();
        }
        changed.push_back(unit);
    }
    if (changed.empty()) return {};
    if (auto reloaded = run({"daemon-reload"}); !reloaded) return std::move(reloaded).error();
    for (const auto& timer : changed) {
        auto state = run({"show", "--property=LoadState", "--value", timer});
        if (!state) return std::move(state).error();
        if (trim(*state) != "loaded") continue;  // it has gone with its file
        if (timer.ends_with(".service")) continue;
        auto wants = run({"show", "--property=WantedBy", "--value", timer});
        if (!wants) return std::move(wants).error();
        const auto* verb = trim(*wants).empty() ? "stop" : "restart";
        if (auto done = run({verb, timer}); !done) return std::move(done).error();
    }
    return {};
}

}  // namespace steward::platform

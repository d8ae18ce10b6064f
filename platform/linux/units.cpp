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

Outcome Units::refresh(const std::vector<std::string>& timers) {
    if (files_.root() != "/" || !files_.exists("/run/systemd/system")) return {};
    // One line per property and unit; a unit that is gone or new says so by the state of what is loaded.
    for (const auto& timer : timers) {
        auto state = run({"show", "--property=NeedDaemonReload,LoadState,ActiveState", timer});
        if (!state) return std::move(state).error();
        const bool loaded = state->find("LoadState=loaded") != std::string::npos;
        const bool active = state->find("ActiveState=active") != std::string::npos;
        const bool there = files_.exists("/etc/systemd/system/" + timer) ||
                           files_.exists("/usr/lib/systemd/system/" + timer) ||
                           files_.exists("/lib/systemd/system/" + timer);
        if (state->find("NeedDaemonReload=yes") == std::string::npos && loaded == there && (active || !there)) continue;
        if (!there && active) {
            if (auto stopped = run({"stop", timer}); !stopped) return std::move(stopped).error();
        }
        if (auto reloaded = run({"daemon-reload"}); !reloaded) return std::move(reloaded).error();
        if (!there) continue;
        if (auto restarted = run({"restart", timer}); !restarted) return std::move(restarted).error();
    }
    return {};
}

}  // namespace steward::platform

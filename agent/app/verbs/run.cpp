// The service: sessions when they are due, wishes of local programs, and nothing in between.
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "agent/app/desk.h"
#include "agent/app/engine.h"
#include "agent/app/journal.h"
#include "agent/app/verb.h"
#include "agent/transport/curl.h"
#include "platform/base/text.h"
#include "platform/linux/endpoint.h"
#include "platform/linux/signals.h"
#include "platform/linux/supervisor.h"
#include "platform/linux/watch.h"

namespace steward::app {
namespace {

constexpr std::chrono::seconds visitor_patience{30};

Result<Level> level_named(const std::string& word) {
    for (const auto& [name, level] : {std::pair{"error", Level::error}, std::pair{"warning", Level::warning},
                                      std::pair{"info", Level::info}, std::pair{"debug", Level::debug}}) {
        if (word == name) return level;
    }
    return Error{Fault::invalid, "\"" + word + "\" is no level: error, warning, info or debug.", {}};
}

Result<std::unique_ptr<platform::Endpoint>> open_door(const Places& places) {
    const std::filesystem::path path = control_path(places);
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (error) return Error{Fault::denied, "The directory of the control socket cannot be made.", error.message()};
    return platform::listen_at(path.string(), visitor_patience);
}

int run(const Call& call) {
    const auto level = level_named(call.options.get("log", "info"));
    if (!level) return usage(level.error().what, "run");
    const auto floor = to_integer(call.options.get("poll-floor", "1"));
    if (!floor || *floor < 1 || *floor > 1440) return usage("--poll-floor takes minutes from 1 to 1440.", "run");
    open_journal(*level, std::getenv("JOURNAL_STREAM") != nullptr);

    // Signals first: threads that are made later must not be hit by them.
    Mailbox<Letter> mailbox;
    std::stop_source stop;
    const platform::Signals signals([&](platform::Signal signal) {
        if (signal == platform::Signal::reload) return mailbox.post(Reload{});
        stop.request_stop();
        mailbox.post(Stop{});
    });
    auto door = open_door(call.places);
    if (!door) return report(door.error());
    Desk desk(call.places, mailbox);
    const control::Server server(std::move(*door), std::ref(desk));
    const platform::Watch watch(call.places.root, [&](platform::Changed changed) { mailbox.post(Letter(changed)); });
    platform::SystemdSupervisor supervisor;
    const SystemClock clock;

    Engine::Surroundings around{call.places, clock, supervisor, {}, stop.get_token(), {}, {}, {}};
    around.floor = std::chrono::minutes(*floor);
    around.connect = [&](const Account& account) -> std::unique_ptr<transport::Exchange> {
        transport::Limits limits;
        limits.stop = stop.get_token();
        return std::make_unique<transport::CurlExchange>(account.trust, limits);
    };
    around.push_works = [](const std::string&) { return false; };
    around.accounts_seen = [](const std::vector<Account>&) {};
    Engine engine(std::move(around), mailbox);
    note(Level::info, "steward " STEWARD_VERSION " starts");
    if (auto worked = engine.run(); !worked) return report(worked.error());
    note(Level::info, "steward stops");
    return exit_ok;
}

}  // namespace

Verb run_verb() {
    return {"run",
            "be the service: keep the device as its servers want it",
            "[--log LEVEL] [--poll-floor MINUTES]",
            {{"log", "LEVEL", "what to write down: error, warning, info (default) or debug"},
             {"poll-floor", "MINUTES", "never begin scheduled sessions more often than this (default: 1)"}},
            0,
            "  steward run\n  steward run --root /srv/device --log debug\n",
            run};
}

}  // namespace steward::app

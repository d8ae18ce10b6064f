// The service: sessions when they are due, wishes of local programs, and nothing in between.
#include <cstdlib>
#include <iostream>

#include "agent/app/desk.h"
#include "agent/app/engine.h"
#include "agent/app/journal.h"
#include "agent/app/system.h"
#include "agent/app/verb.h"
#include "agent/notify/channel.h"
#include "agent/notify/listener.h"
#include "platform/base/text.h"
#include "platform/endpoint.h"
#include "platform/places.h"
#include "platform/signals.h"
#include "platform/supervisor.h"
#include "platform/watch.h"

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

// Who we are to a server is nothing to a push server: it gets its own credentials and no certificate of ours.
std::vector<notify::Subscription> subscriptions(const std::vector<Account>& accounts) {
    std::vector<notify::Subscription> wanted;
    for (const auto& account : accounts) {
        const auto url = account.push.listen_at();
        if (url.empty()) continue;
        transport::Trust trust;
        trust.ca_file = account.trust.ca_file;
        trust.proxy = account.trust.proxy;
        wanted.push_back({account.id, url, account.push.authorization, std::move(trust)});
    }
    return wanted;
}

int run(const Call& call) {
    const auto level = level_named(call.options.get("log", "info"));
    if (!level) return usage(level.error().what, "run");
    const auto floor = to_integer(call.options.get("poll-floor", "1"));
    if (!floor || *floor < 1 || *floor > 1440) return usage("--poll-floor takes minutes from 1 to 1440.", "run");
    const auto reached = network_for(call.options);
    if (!reached) return report(reached.error());
    const auto& network = *reached;
    open_journal(*level, std::getenv("JOURNAL_STREAM") != nullptr, platform::own_event_log());

    // Signals first: threads that are made later must not be hit by them.
    Mailbox<Letter> mailbox;
    std::stop_source stop;
    const platform::Signals signals([&](platform::Signal signal) {
        if (signal == platform::Signal::reload) return mailbox.post(Reload{});
        stop.request_stop();
        mailbox.post(Stop{});
    });
    auto door = platform::listen_at(platform::control_place(call.places.root), visitor_patience);
    if (!door) return report(door.error());
    Desk desk(call.places, mailbox);
    const control::Server server(std::move(*door), std::ref(desk));
    const platform::Watch watch(call.places.root, [&](platform::Changed changed) { mailbox.post(Letter(changed)); });
    notify::Channels channels([&](const transport::Trust& trust,
                                  std::stop_token stopping) { return network->stream(trust, std::move(stopping)); },
                              {[&](const std::string& account) {
                                   mailbox.post(Wish{account, "a push", true, {}, {}});
                               },
                               [&](const std::string& account, notify::ChannelStatus status) {
                                   mailbox.post(ChannelNews{account, status});
                               }});
    std::optional<notify::NotificationListener> listener;
    if (call.options.has("package0")) {
        const auto port = to_integer(call.options.get("package0"));
        if (!port || *port < 1 || *port > 65535) return usage("--package0 takes a port from 1 to 65535.", "run");
        auto ear = network->port(static_cast<std::uint16_t>(*port));
        if (!ear) return report(ear.error());
        listener.emplace(std::move(*ear), [&](std::string bytes) { mailbox.post(Notification{std::move(bytes)}); });
    }
    const auto supervisor = platform::own_supervisor();
    const SystemClock clock;

    Engine::Surroundings around{call.places, clock, *supervisor, {}, stop.get_token()};
    around.floor = std::chrono::minutes(*floor);
    around.connect = [&](const Account& account) { return network->conductor(account.trust, stop.get_token()); };
    around.reach = [&](const transport::Trust& trust) { return network->exchange(trust, stop.get_token()); };
    around.push_works = [&](const std::string& account) { return channels.works(account); };
    around.accounts_seen = [&](const std::vector<Account>& accounts) { channels.keep(subscriptions(accounts)); };
    Engine engine(std::move(around), mailbox);
    note(Level::info, "steward " STEWARD_VERSION " starts");
    if (auto worked = engine.run(); !worked) return report(worked.error());
    note(Level::info, "steward stops");
    return exit_ok;
}

}  // namespace

Verb run_verb() {
    auto options = network_options();
    options.insert(
        options.end(),
        {{"log", "LEVEL", "what to write down: error, warning, info (default) or debug"},
         {"package0", "PORT", "listen for notifications (package 0) on this UDP port; the usual one is 2948"},
         {"poll-floor", "MINUTES", "never begin scheduled sessions more often than this (default: 1)"}});
    std::string synopsis;
    for (const auto& option : options)
        synopsis += (synopsis.empty() ? "[--" : " [--") + option.name + " " + option.value + "]";
    return {"run", "be the service: keep the device as its servers want it",        synopsis, options,
            0,     "  steward run\n  steward run --root /srv/device --log debug\n", run};
}

}  // namespace steward::app

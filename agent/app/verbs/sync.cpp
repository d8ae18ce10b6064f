// A session with the server, now.
#include <fstream>
#include <iostream>
#include <optional>

#include "agent/app/desk.h"
#include "agent/app/identities.h"
#include "agent/app/leaving.h"
#include "agent/app/pages.h"
#include "agent/app/recording.h"
#include "agent/app/sync.h"
#include "agent/app/verb.h"
#include "agent/transport/curl.h"
#include "platform/base/path.h"

namespace steward::app {
namespace {

// One line on a terminal that tells how far the session is.
struct Progress final : Witness {
    std::size_t messages = 0;
    void sent(const session::Outgoing& message) override {
        std::cerr << "\r\x1b[K"
                  << "message " << ++messages << ": " << message.body.size() << " bytes sent" << std::flush;
    }
    void received(const transport::Reply& reply) override {
        std::cerr << "\r\x1b[K"
                  << "message " << messages << ": " << reply.body.size() << " bytes received, working" << std::flush;
    }
    ~Progress() override { std::cerr << "\r\x1b[K" << std::flush; }
};

int run(const Call& call) {
    // Where the service runs, it is its session: joined, never doubled. A recording needs one of its own.
    if (!call.options.has("record")) {
        const auto code = ask_service(
            call.places,
            {"sync", call.options.has("account") ? call.options.get("account") : "-", call.json ? "json" : "text"});
        if (code) return *code;
    }
    auto agent = open_to_change(call.places);
    if (!agent) return report(agent.error());
    auto account = (*agent)->accounts().find(call.options.get("account"));
    if (!account) return report(account.error());
    for (const auto& failure : (*agent)->recovered().failed) {
        std::cerr << "steward: could not be repaired at start: " << failure.what << "\n";
    }
    transport::CurlExchange exchange(account->trust);
    std::optional<Recording> recording;
    if (call.options.has("record")) recording.emplace(settings_for(**agent, *account), (*agent)->tree().mount());
    std::vector<Witness*> witnesses;
    if (recording) witnesses.push_back(&*recording);
    Result<SyncResult> result = Error{};
    {
        Progress progress;
        if (call.terminal && !call.json) witnesses.push_back(&progress);
        result = sync(**agent, *account, exchange, witnesses);
    }
    if (!result) return report(result.error());
    if (recording) {
        std::ofstream file(path_of(call.options.get("record")), std::ios::binary | std::ios::trunc);
        file << recording->transcript(result->end);
        file.close();
        if (!file) return report({Fault::io, "The recording could not be written.", call.options.get("record")});
    }
    Identities().used(**agent, account->id, *result);
    std::cout << session_page(account->id, *result, call.json);
    if (result->end == session::End::left) {
        const auto departure = depart(**agent, *account, exchange, "its server", false);
        return departure ? exit_ok : report(departure.error());
    }
    if (result->end == session::End::finished) return exit_ok;
    if (!call.json) (void)report(result->error);
    return exit_session;
}

}  // namespace

Verb sync_verb() {
    return {"sync",
            "run a session with the server now",
            "[--account ID] [--record FILE]",
            {{"account", "ID", "which account, where there are several"},
             {"record", "FILE", "write the session, secrets taken out, as a transcript that can be replayed"}},
            0,
            "  steward sync\n  steward sync --account corp --record session.transcript\n",
            run};
}

}  // namespace steward::app

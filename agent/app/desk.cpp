#include "agent/app/desk.h"

#include <iostream>

#include "agent/app/pages.h"
#include "agent/app/verb.h"
#include "agent/control/client.h"
#include "platform/endpoint.h"
#include "platform/places.h"

namespace steward::app {
namespace {

// Follows a session on behalf of a visitor: lines come from the engine's thread, and go out from the visitor's.
struct Visit final : Follower {
    struct Word {
        std::string line;
        std::optional<Result<SyncResult>> result;
        std::string account;
    };
    Mailbox<Word> words;
    void progress(const std::string& line) override { words.post({line, std::nullopt, {}}); }
    void ended(const std::string& account, const Result<SyncResult>& result) override {
        words.post({{}, result, account});
    }
};

int code_of(const Result<SyncResult>& result) {
    if (!result) return exit_failed;
    const bool good = result->end == session::End::finished || result->end == session::End::left;
    return good ? exit_ok : exit_session;
}

}  // namespace

int Desk::operator()(const std::vector<std::string>& words, const platform::Visitor& visitor, control::Answer& answer) {
    const auto& what = words.front();
    const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : std::string(); };
    if (what == "status") return status(word(1) == "json", answer);
    if (what != "sync" && what != "reload") {
        answer.err("steward: the service does not know \"" + what + "\"; is it of another version?");
        return exit_usage;
    }
    if (!visitor.administrator) {
        answer.err("steward: only an administrator may do that; run it as root.");
        return exit_state;
    }
    if (what == "sync") return sync(word(1) == "-" ? std::string() : word(1), word(2) == "json", answer);
    engine_.post(Reload{});
    return exit_ok;
}

int Desk::status(bool json, control::Answer& answer) const {
    auto agent = Agent::open(places_, Purpose::read);
    const auto page = agent ? status_page(**agent, json) : Result<std::string>(agent.error());
    if (!page) {
        answer.err("steward: " + page.error().what);
        return exit_state;
    }
    answer.out(*page);
    return exit_ok;
}

int Desk::sync(const std::string& account, bool json, control::Answer& answer) {
    const auto visit = std::make_shared<Visit>();
    engine_.post(Wish{account, "somebody asked for it", false, {}, visit});
    for (;;) {
        auto word = visit->words.take();
        if (!word->result) {
            if (!json) answer.err(word->line);
            continue;
        }
        const auto& result = *word->result;
        if (result) answer.out(session_page(word->account, *result, json));
        const Error& error = result ? result->error : result.error();
        if (code_of(result) != exit_ok && !(json && result)) {
            answer.err("steward: " + error.what);
            if (!error.evidence.empty()) answer.err("         seen: " + error.evidence);
        }
        return code_of(result);
    }
}

std::optional<int> ask_service(const Places& places, const std::vector<std::string>& words) {
    auto service = platform::connect_to(platform::control_place(places.root), std::chrono::seconds(0));
    if (!service) return std::nullopt;
    const auto code = control::ask(**service, words, [](const control::Line& line) {
        (line.kind == control::Line::Kind::out ? std::cout : std::cerr) << line.text << "\n" << std::flush;
    });
    if (!code) return report(code.error());
    return *code;
}

void nudge_service(const Places& places) {
    auto service = platform::connect_to(platform::control_place(places.root), std::chrono::seconds(2));
    if (service) (void)control::ask(**service, {"reload"}, [](const control::Line&) {});
}

}  // namespace steward::app

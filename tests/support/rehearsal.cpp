#include "tests/support/rehearsal.h"

#include <algorithm>
#include <optional>

#include "agent/session/session.h"
#include "platform/base/text.h"
#include "tests/support/personality.h"
#include "tests/support/player.h"

namespace steward::transcript {
namespace {

using session::Auth;

constexpr char server_url[] = "https://dm.example/session";

struct Nonces final : session::NonceStore {
    std::optional<std::string> client, server;
    void client_nonce(const std::string& raw) override { client = raw; }
    void server_nonce(const std::string& raw) override { server = raw; }
};

std::string setting(const ClientSettings& settings, std::string_view key, std::string otherwise = {}) {
    const auto found = settings.find(key);
    return found == settings.end() ? std::move(otherwise) : found->second;
}

bool flag(const ClientSettings& settings, std::string_view key) {
    return setting(settings, key, "false") == "true";
}

std::size_t number(const ClientSettings& settings, std::string_view key, std::size_t otherwise) {
    const auto given = to_integer(setting(settings, key));
    return given ? static_cast<std::size_t>(*given) : otherwise;
}

// What the device was told of one side's proof: as the server knows it, unless the transcript says otherwise, and with
// the nonce of the session before.
template <class Proof>
session::Credentials credentials(const Proof& proof, const ClientSettings& settings, const std::string& prefix,
                                 const std::optional<std::string>& remembered) {
    session::Credentials made;
    made.kind = session::auth_named(setting(settings, prefix + "auth")).value_or(proof.kind);
    made.name = setting(settings, prefix + "user", proof.name);
    made.secret = setting(settings, prefix + "secret", proof.secret);
    const auto nonce = setting(settings, prefix + "nonce");
    if (nonce == "none") return made;
    const auto known = !nonce.empty() ? std::optional(session::nonce_from_wire(nonce))
                       : proof.nonce  ? proof.nonce
                                      : remembered;
    made.nonce = known.value_or(std::string());
    made.nonce_known = known.has_value();
    return made;
}

session::PromptAnswer answer_prompt(const std::string& how, const session::Prompt& prompt) {
    using Outcome = session::PromptAnswer::Outcome;
    if (how == "reject") return {Outcome::rejected, {}};
    if (how == "cancel") return {Outcome::cancelled, {}};
    if (how == "timeout") return {Outcome::timed_out, {}};
    if (prompt.kind == session::AlertCode::input) return {Outcome::accepted, {"typed text"}};
    if (prompt.kind == session::AlertCode::choice) return {Outcome::accepted, {"2"}};
    if (prompt.kind == session::AlertCode::choices) return {Outcome::accepted, {"1", "3"}};
    return {Outcome::accepted, {}};
}

session::Settings settings_for(const Session& script, std::size_t count, const Nonces& nonces) {
    const auto& told = script.client;
    session::Settings made;
    made.server_id = setting(told, "server-id", "TestServer");
    made.server_url = setting(told, "url", server_url);
    made.session_id = setting(told, "session", std::to_string(count));
    made.device = {setting(told, "dev-id", "dev-0001"), setting(told, "man", "Steward"),
                   setting(told, "mod", "Test device"), setting(told, "dmv", "1.3"), setting(told, "lang", "en-US")};
    made.encoding = setting(told, "encoding") == "wbxml" ? syncml::Encoding::wbxml : syncml::Encoding::xml;
    made.server_initiated = flag(told, "server-initiated");
    made.login_status = setting(told, "login", "none");
    made.alerts = script.client_alerts;
    made.client = credentials(script.auth, told, "", nonces.client);
    made.server = credentials(script.server_auth, told, "server-", nonces.server);
    made.transport_is_secure = !flag(told, "insecure");
    made.allow_digest_without_tls = flag(told, "digest-without-tls");
    made.original_errors = flag(told, "original-errors");
    made.max_messages = number(told, "max-messages", made.max_messages);
    made.max_object_size = number(told, "max-object-size", made.max_object_size);
    made.max_message_size = number(told, "max-message-size", made.max_message_size);
    if (const auto how = setting(told, "prompt"); !how.empty()) {
        made.prompt = [how](const session::Prompt& prompt) { return answer_prompt(how, prompt); };
    }
    return made;
}

class Play {
  public:
    Play(Player& player, tree::Executor& tree, std::string& trace) : player_(player), tree_(tree), trace_(trace) {}

    session::End session(const Session& script, std::size_t count) {
        session::Session client(settings_for(script, count, nonces_), tree_, nonces_);
        auto step = client.open();
        while (step.send) {
            const auto sent = std::move(*step.send);
            const auto reply = exchange(sent);
            if (step.end != session::End::none) break;   // a last word, whose answer is not needed
            if (reply.cut) return session::End::failed;  // there is no such thing as half an answer without a network
            step = client.receive({reply.http_status, reply.content_type, reply.body, reply.hmac});
        }
        if (!step.error.what.empty()) trace_ += "the client: " + step.error.what + '\n';
        return step.end;
    }

  private:
    Reply exchange(const session::Outgoing& sent) {
        trace_ += "C -> S " + sent.url + ' ' + sent.content_type + ' ' + sent.hmac + '\n' + sent.body + '\n';
        auto reply = player_.answer({sent.content_type, sent.body, sent.hmac, sent.url, std::nullopt});
        trace_ += "S -> C " + std::to_string(reply.http_status) + ' ' + reply.content_type + ' ' + reply.hmac + '\n' +
                  reply.body + '\n';
        return reply;
    }

    Player& player_;
    tree::Executor& tree_;
    std::string& trace_;
    Nonces nonces_;
};

}  // namespace

bool Rehearsal::passed() const {
    return std::all_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.passed; });
}

std::string Rehearsal::failures() const {
    std::string text;
    for (const auto& finding : findings) {
        if (finding.passed) continue;
        if (finding.line != 0) text += "line " + std::to_string(finding.line) + ": ";
        text += finding.what + ": " + finding.seen + '\n';
    }
    return text;
}

Result<Rehearsal> rehearse(std::shared_ptr<const Transcript> transcript, tree::Executor& tree) {
    Manner manner;
    if (!transcript->personality.empty()) {
        auto found = personality(transcript->personality);
        if (!found) return found.error();
        manner = found->manner;
    }
    Rehearsal rehearsal;
    Player player(transcript, manner);
    Play play(player, tree, rehearsal.trace);
    std::size_t count = 0;
    for (const auto& script : transcript->sessions) {
        ++count;
        player.end_session(play.session(script, count));
    }
    rehearsal.findings = player.findings();
    return rehearsal;
}

}  // namespace steward::transcript

#include "agent/app/sync.h"

#include <algorithm>

#include "agent/app/leaving.h"
#include "agent/app/network_trial.h"
#include "agent/audit/recorder.h"
#include "agent/transport/curl.h"
#include "agent/transport/windows.h"
#include "platform/base/text.h"

namespace steward::app {
namespace {

constexpr const char* dm_version = "1.3";  // what Windows says in DevInfo/DmV

struct KeepNonces final : session::NonceStore {
    Accounts& accounts;
    std::string id;
    Outcome failure;
    KeepNonces(Accounts& of, std::string account) : accounts(of), id(std::move(account)) {}
    void note(Outcome kept) {
        if (!kept) failure = std::move(kept);
    }
    void client_nonce(const std::string& raw) override { note(accounts.keep_client_nonce(id, raw)); }
    void server_nonce(const std::string& raw) override { note(accounts.keep_server_nonce(id, raw)); }
};

// The alerts of one session and what the server says to them. They went with package 1: an own Status decides, and
// where a server never answers alerts (interop: most don't), a session that came to its end proves that it read them.
class Post {
  public:
    Post(store::Outbox& outbox, std::vector<store::Alert> alerts) : outbox_(outbox), alerts_(std::move(alerts)) {}

    std::vector<syncml::Command> commands() const {
        std::vector<syncml::Command> made;
        for (const auto& alert : alerts_) made.push_back(session::generic_alert(alert_of(alert)));
        return made;
    }
    // MDM-GenericAlert: the types of what cannot wait. Source: MS-MDM 2.1.
    std::string urgent_types() const {
        std::string types;
        for (const auto& alert : alerts_) {
            if (alert.mark == "critical" || alert.mark == "fatal") types += "<" + alert.type + ">";
        }
        return types;
    }
    Outcome heard(const std::vector<int>& answers) {
        std::vector<std::int64_t> taken;
        for (std::size_t i = 0; i < answers.size() && i < alerts_.size(); ++i) {
            const bool good = answers[i] >= 200 && answers[i] < 300 && !settled(i);
            if (good) taken.push_back(alerts_[i].id);
            if (good) settled_.push_back(i);
        }
        return outbox_.taken(taken);
    }
    Outcome ended(const std::vector<int>& answers, bool finished) {
        std::vector<std::int64_t> taken, refused;
        for (std::size_t i = 0; i < answers.size() && i < alerts_.size(); ++i) {
            if (settled(i)) continue;
            if (answers[i] >= 300) refused.push_back(alerts_[i].id);
            if (answers[i] == 0 && finished) taken.push_back(alerts_[i].id);
        }
        if (auto struck = outbox_.taken(taken); !struck) return struck;
        return outbox_.refused(refused);
    }

  private:
    static session::GenericAlert alert_of(const store::Alert& alert) {
        return {alert.code, alert.type, alert.format, alert.mark, alert.source, alert.correlator, alert.data};
    }
    bool settled(std::size_t i) const { return std::find(settled_.begin(), settled_.end(), i) != settled_.end(); }

    store::Outbox& outbox_;
    std::vector<store::Alert> alerts_;
    std::vector<std::size_t> settled_;
};

// Posts one message; the same bytes again while time may heal what went wrong, so that no Status is lost to a cut
// connection. A server knows a repeated message by its MsgID.
Result<transport::Reply> deliver(transport::Exchange& exchange, const transport::Request& request,
                                 const Patience& patience, std::optional<transport::Failure>& failure) {
    for (std::int64_t failures = 1;; ++failures) {
        auto reply = exchange.post(request);
        failure.reset();
        if (reply && !reply->truncated && (reply->status / 100 == 2)) return reply;
        if (reply && reply->truncated && reply->status == 200) return reply;  // the session judges what it got (A16)
        failure.emplace();
        if (reply) {
            failure->status = reply->status;
            failure->retry_after = reply->retry_after;
        } else {
            failure->fault = reply.error().fault;
        }
        if (!patience.wait || !transport::passing(*failure)) return reply;
        const auto wait = transport::next_wait(patience.policy, failures, *failure, random_share());
        if (!wait || !patience.wait(*wait)) return reply;
    }
}

// What became of a change of the network; a server whose change was undone is told in the next session.
Outcome judge(Agent& agent, const std::string& account, Result<NetworkTrial::Verdict> verdict) {
    if (!verdict) return std::move(verdict).error();
    if (*verdict != NetworkTrial::Verdict::undone) return {};
    return report_network_undone(agent.outbox(), agent.audit(), account);
}

const char* word_for(session::End end) {
    switch (end) {
        case session::End::none:
            return "interrupted";
        case session::End::finished:
            return "finished";
        case session::End::aborted_by_server:
            return "aborted by the server";
        case session::End::aborted_by_us:
            return "aborted by us";
        case session::End::not_authenticated:
            return "not authenticated";
        case session::End::server_not_authenticated:
            return "server not authenticated";
        case session::End::left:
            return "left";
        case session::End::failed:
            return "failed";
    }
    return "failed";
}

}  // namespace

session::Settings settings_for(Agent& agent, const Account& account, const Occasion& occasion) {
    session::Settings settings;
    settings.server_id = account.id;
    settings.server_url = account.url;
    // S12: small decimal numbers are safe with every server.
    settings.session_id = std::to_string(agent.sessions().next_number(account.id) % 255 + 1);
    if (!occasion.session_id.empty()) settings.session_id = occasion.session_id;
    settings.server_initiated = occasion.server_initiated;
    settings.encoding = account.encoding;
    settings.client = account.client;
    if (occasion.nonce) {
        settings.client.nonce = *occasion.nonce;
        settings.client.nonce_known = true;
    }
    settings.server = account.server;
    settings.transport_is_secure = lower(account.url.substr(0, 8)) == "https://";
    settings.allow_digest_without_tls = account.allow_digest_without_tls;
    settings.original_errors = account.original_errors;
    settings.device.dm_version = dm_version;
    const auto identity = agent.host().identity.read();
    if (identity) {
        settings.device.dev_id = identity->device_id.value_or("Unknown");
        settings.device.manufacturer = identity->manufacturer.value_or("Unknown");
        settings.device.model = identity->model.value_or("Unknown");
        settings.device.language = identity->language.value_or("en-US");
    }
    // No MDM account of a person exists in this release: whoever is logged in is "others" (MS-MDM LoginStatus).
    const auto logins = agent.host().logins.read();
    settings.login_status = logins && !logins->users.empty() ? "others" : "none";
    return settings;
}

Result<SyncResult> sync(Agent& agent, const Account& account, transport::Exchange& exchange,
                        const std::vector<Witness*>& witnesses, const Occasion& occasion, const Patience& patience) {
    if (auto fine = transport::acceptable_url(account.url); !fine) return fine.error();
    auto waiting = agent.outbox().waiting(account.id);
    if (!waiting) return waiting.error();
    Post post(agent.outbox(), std::move(*waiting));
    auto settings = settings_for(agent, account, occasion);
    settings.alerts = post.commands();
    store::SessionRecord record;
    record.account = account.id;
    record.session = settings.session_id;
    record.begun = agent.clock().now().time_since_epoch().count();
    const bool logged_in = settings.login_status != "none";
    KeepNonces nonces(agent.accounts(), account.id);
    NetworkTrial trial(agent.tree(), agent.tree(), agent.policies(), agent.host().network_guard);
    audit::Recorder recorder(trial, agent.audit());
    LeaveOnRequest tree(recorder, agent, leaving(agent, account.id));
    session::Session session(std::move(settings), tree, nonces);
    const std::string correlation = transport::new_correlation();
    SyncResult result;
    result.session_id = record.session;
    Outcome kept;
    const auto keep = [&kept](Outcome outcome) {
        if (kept.ok() && !outcome.ok()) kept = std::move(outcome);
    };
    auto step = session.open();
    for (std::size_t n = 0; step.send; ++n) {
        for (auto* witness : witnesses) witness->sent(*step.send);
        transport::Request request;
        request.url = transport::session_url(step.send->url, logged_in);
        request.content_type = step.send->content_type;
        request.body = step.send->body;
        request.headers = transport::windows_headers(account.request_id, correlation, n);
        if (!step.send->hmac.empty()) request.headers.emplace_back("x-syncml-hmac", step.send->hmac);
        if (const auto types = post.urgent_types(); !types.empty()) {
            request.headers.emplace_back("MDM-GenericAlert", types);
        }
        // A session that has not begun can begin later; one under way must not lose what it has to say.
        auto reply = deliver(exchange, request, n == 0 ? Patience{} : patience, result.failure);
        if (step.end != session::End::none) break;  // that was a farewell; nobody waits for its answer
        if (!reply) {
            step = {};
            step.end = session::End::failed;
            step.error = reply.error();
            break;
        }
        if (reply->chain_end) result.chain_end = reply->chain_end;
        keep(judge(agent, account.id, trial.reached()));
        for (auto* witness : witnesses) witness->received(*reply);
        step = session.receive({reply->status, reply->content_type, reply->body, reply->hmac});
        keep(post.heard(session.alert_answers()));
    }
    keep(judge(agent, account.id, trial.ended()));
    result.end = step.end;
    result.error = step.error;
    result.counters = session.counters();
    keep(post.ended(session.alert_answers(), result.end == session::End::finished));
    keep(nonces.failure);
    keep(recorder.failure());
    if (result.end == session::End::finished && !kept.ok()) {
        result.end = session::End::failed;
        result.error = kept.error();
    }
    record.ended = agent.clock().now().time_since_epoch().count();
    record.outcome = word_for(result.end);
    record.sentence = result.error.what;
    record.messages = static_cast<std::int64_t>(result.counters.messages);
    record.commands = static_cast<std::int64_t>(result.counters.commands);
    record.failed = static_cast<std::int64_t>(result.counters.failed);
    if (auto added = agent.sessions().add(record); !added) return added.error();
    return result;
}

}  // namespace steward::app

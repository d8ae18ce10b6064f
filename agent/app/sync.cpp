#include "agent/app/sync.h"

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
        case session::End::failed:
            return "failed";
    }
    return "failed";
}

}  // namespace

session::Settings settings_for(Agent& agent, const Account& account) {
    session::Settings settings;
    settings.server_id = account.id;
    settings.server_url = account.url;
    // S12: small decimal numbers are safe with every server.
    settings.session_id = std::to_string(agent.sessions().next_number(account.id) % 255 + 1);
    settings.encoding = account.encoding;
    settings.client = account.client;
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
                        const std::vector<Witness*>& witnesses) {
    if (auto fine = transport::acceptable_url(account.url); !fine) return fine.error();
    auto settings = settings_for(agent, account);
    store::SessionRecord record;
    record.account = account.id;
    record.session = settings.session_id;
    record.begun = agent.clock().now().time_since_epoch().count();
    const bool logged_in = settings.login_status != "none";
    KeepNonces nonces(agent.accounts(), account.id);
    session::Session session(std::move(settings), agent.tree(), nonces);
    const std::string correlation = transport::new_correlation();
    auto step = session.open();
    for (std::size_t n = 0; step.send; ++n) {
        for (auto* witness : witnesses) witness->sent(*step.send);
        transport::Request request;
        request.url = transport::session_url(step.send->url, logged_in);
        request.content_type = step.send->content_type;
        request.body = step.send->body;
        request.headers = transport::windows_headers(account.request_id, correlation, n);
        if (!step.send->hmac.empty()) request.headers.emplace_back("x-syncml-hmac", step.send->hmac);
        auto reply = exchange.post(request);
        if (step.end != session::End::none) break;  // that was a farewell; nobody waits for its answer
        if (!reply) {
            step = {};
            step.end = session::End::failed;
            step.error = reply.error();
            break;
        }
        for (auto* witness : witnesses) witness->received(*reply);
        step = session.receive({reply->status, reply->content_type, reply->body, reply->hmac});
    }
    SyncResult result{step.end, step.error, session.counters(), record.session};
    if (result.end == session::End::finished && !nonces.failure.ok()) {
        result.end = session::End::failed;
        result.error = nonces.failure.error();
    }
    record.ended = agent.clock().now().time_since_epoch().count();
    record.outcome = word_for(result.end);
    record.sentence = result.error.what;
    record.messages = static_cast<std::int64_t>(result.counters.messages);
    record.commands = static_cast<std::int64_t>(result.counters.commands);
    record.failed = static_cast<std::int64_t>(result.counters.failed);
    if (auto kept = agent.sessions().add(record); !kept) return kept.error();
    return result;
}

}  // namespace steward::app

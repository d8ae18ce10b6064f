#include "agent/app/sync.h"

#include <algorithm>

#include "agent/app/leaving.h"
#include "agent/app/network_trial.h"
#include "agent/audit/recorder.h"
#include "agent/transport/windows.h"
#include "platform/base/text.h"

namespace steward::app {
namespace {

constexpr const char* dm_version = "1.3";  // what Windows says in DevInfo/DmV

// The alerts of one session and what the server says to them. They went with package 1: an own Status decides, and
// where a server never answers alerts (interop: most don't), a session that came to its end proves that it read them.
class Post {
  public:
    Post(store::Outbox& outbox, std::vector<store::Alert> alerts) : outbox_(outbox), alerts_(std::move(alerts)) {}

    std::vector<session::GenericAlert> letters() const {
        std::vector<session::GenericAlert> made;
        for (const auto& alert : alerts_) {
            made.push_back(
                {alert.code, alert.type, alert.format, alert.mark, alert.source, alert.correlator, alert.data});
        }
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
    bool settled(std::size_t i) const { return std::find(settled_.begin(), settled_.end(), i) != settled_.end(); }

    store::Outbox& outbox_;
    std::vector<store::Alert> alerts_;
    std::vector<std::size_t> settled_;
};

// What became of a change of the network; a server whose change was undone is told in the next session.
Outcome judge(Agent& agent, const std::string& account, Result<NetworkTrial::Verdict> verdict) {
    if (!verdict) return std::move(verdict).error();
    if (*verdict != NetworkTrial::Verdict::undone) return {};
    return report_network_undone(agent.outbox(), agent.audit(), account);
}

// This device in one session: its tree behind everything that has a say in what a server may do to it, and what has to
// be remembered however the session ends.
class Household final : public courier::Home {
  public:
    Household(Agent& agent, const std::string& account, std::vector<store::Alert> waiting,
              const std::vector<Witness*>& witnesses, const Patience& patience)
        : agent_(agent),
          account_(account),
          witnesses_(witnesses),
          patience_(patience),
          post_(agent.outbox(), std::move(waiting)),
          trial_(agent.tree(), agent.tree(), agent.policies(), agent.host().network_guard, agent.clock()),
          recorder_(trial_, agent.audit()),
          tree_(recorder_, agent, leaving(agent, account)) {}

    const Post& post() const { return post_; }

    std::vector<tree::Answer> run(const tree::Context& context, std::span<const tree::Operation> operations) override {
        return tree_.run(context, operations);
    }
    std::vector<tree::Answer> run_atomic(const tree::Context& context,
                                         std::span<const tree::Operation> operations) override {
        return tree_.run_atomic(context, operations);
    }
    void client_nonce(const std::string& raw) override { keep(agent_.accounts().keep_client_nonce(account_, raw)); }
    void server_nonce(const std::string& raw) override { keep(agent_.accounts().keep_server_nonce(account_, raw)); }
    void sent(const session::Outgoing& message) override {
        for (auto* witness : witnesses_) witness->sent(message);
    }
    void received(const transport::Reply& reply) override {
        keep(judge(agent_, account_, trial_.reached()));
        for (auto* witness : witnesses_) witness->received(reply);
    }
    void heard(const std::vector<int>& alert_answers) override { keep(post_.heard(alert_answers)); }
    bool wait(std::optional<std::chrono::milliseconds> time) override {
        time = trial_.next_wait(time);
        return time && patience_.wait && patience_.wait(*time);
    }

    // The first thing that could not be remembered, of the whole session.
    Outcome ended(const std::vector<int>& alert_answers, bool finished) {
        keep(judge(agent_, account_, trial_.ended()));
        keep(post_.ended(alert_answers, finished));
        keep(recorder_.failure());
        return std::move(kept_);
    }

  private:
    void keep(Outcome outcome) {
        if (kept_.ok() && !outcome.ok()) kept_ = std::move(outcome);
    }

    Agent& agent_;
    const std::string account_;
    const std::vector<Witness*>& witnesses_;
    const Patience& patience_;
    Post post_;
    NetworkTrial trial_;
    audit::Recorder recorder_;
    LeaveOnRequest tree_;
    Outcome kept_;
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

Result<SyncResult> sync(Agent& agent, const Account& account, courier::Conductor& conductor,
                        const std::vector<Witness*>& witnesses, const Occasion& occasion, const Patience& patience) {
    auto waiting = agent.outbox().waiting(account.id);
    if (!waiting) return waiting.error();
    Household household(agent, account.id, std::move(*waiting), witnesses, patience);
    courier::Brief brief;
    brief.settings = settings_for(agent, account, occasion);
    brief.alerts = household.post().letters();
    brief.urgent_types = household.post().urgent_types();
    brief.request_id = account.request_id;
    brief.logged_in = brief.settings.login_status != "none";
    if (patience.wait) brief.retry = patience.policy;
    if (account.keep_alive) brief.sign_of_life = patience.sign_of_life;
    store::SessionRecord record;
    record.account = account.id;
    record.session = brief.settings.session_id;
    record.begun = agent.clock().now().time_since_epoch().count();
    auto course = conductor.conduct(brief, household);
    SyncResult result{course.end,     std::move(course.error), course.counters,
                      record.session, course.failure,          std::move(course.chain_end)};
    auto kept = household.ended(course.alert_answers, result.end == session::End::finished);
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

Result<SyncResult> sync(Agent& agent, const Account& account, transport::Exchange& exchange,
                        const std::vector<Witness*>& witnesses, const Occasion& occasion, const Patience& patience) {
    courier::Direct conductor(exchange);
    return sync(agent, account, conductor, witnesses, occasion, patience);
}

}  // namespace steward::app

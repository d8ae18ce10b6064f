#include "agent/app/identities.h"

#include <algorithm>
#include <limits>

#include "agent/app/journal.h"
#include "agent/app/renewal_terms.h"
#include "agent/enrol/expiry.h"
#include "agent/enrol/renewal.h"
#include "platform/base/digest.h"

namespace steward::app {
namespace {

// A place within the day that differs from device to device and from try to try.
double jitter_of(const enrol::Record& record) {
    const std::string hash =
        sha256(record.id + "/" + std::to_string(record.identity.number) + "/" + std::to_string(record.failures));
    return static_cast<double>(static_cast<unsigned char>(hash[0])) / 256.0;
}

std::optional<Instant> due(Agent& agent, const enrol::Record& record, Instant now) {
    if (record.identity.certificate_file.empty()) return std::nullopt;
    return enrol::next_renewal(now, renewal_facts(agent.policies(), record), jitter_of(record));
}

void record_outcome(Agent& agent, const enrol::Record& record, const std::string& subject, const std::string& outcome) {
    audit::Entry entry;
    entry.kind = "identity";
    entry.authority = record.provider;
    entry.subject = subject;
    entry.outcome = outcome;
    if (auto noted = agent.audit().append({std::move(entry)}); !noted) note(Level::error, noted.error().what);
}

std::string own(const std::string& provider) {
    return "the certificate for " + provider;
}

std::vector<enrol::Record> enrolled(Agent& agent) {
    auto records = Enrolling::enrolled(agent);
    if (records) return std::move(*records);
    note(Level::error, records.error().what);
    return {};
}

}  // namespace

std::optional<Instant> Identities::next(Agent& agent) const {
    std::optional<Instant> first;
    for (const auto& record : enrolled(agent)) {
        const auto at = due(agent, record, agent.clock().now());
        if (at && (!first || *at < *first)) first = at;
    }
    if (first && tried_) first = std::max(*first, *tried_ + between_tries);
    return first;
}

std::vector<std::string> Identities::look_after(Agent& agent) {
    const auto now = agent.clock().now();
    tried_ = now;
    std::vector<std::string> renewed;
    for (auto& record : enrolled(agent)) {
        const auto& identity = record.identity;
        if (identity.certificate_file.empty()) continue;
        warn(own(record.provider), identity.not_before, identity.not_after, now);
        const auto at = due(agent, record, now);
        if (!at || *at > now) continue;
        Enrolling enrolling(agent, record);
        auto means = enrolling.means(reach_);
        const auto done = means ? enrol::renew(record, *means) : Outcome(means.error());
        if (done) {
            note(Level::info, "the certificate of " + record.provider + " is renewed");
            record_outcome(agent, record, "certificate " + record.identity.fingerprint, "done");
            warned_.erase(own(record.provider));
            renewed.push_back(record.provider);
        } else {
            note(Level::warning, "the certificate of " + record.provider + " was not renewed: " + done.error().what);
            record_outcome(agent, record, "renewal of certificate " + record.identity.fingerprint,
                           "failed: " + done.error().what);
        }
    }
    return renewed;
}

void Identities::warn(const std::string& whose, Instant not_before, Instant not_after, Instant now) {
    const auto stage = enrol::expiry_stage(not_before, not_after, now);
    if (!stage) return warned_.erase(whose), void();  // another certificate has taken its place
    auto& told = warned_.try_emplace(whose, std::numeric_limits<int>::max()).first->second;
    if (told <= *stage) return;
    told = *stage;
    note(Level::warning, whose + (*stage == 0 ? " has expired" : " ends within " + std::to_string(*stage) + " days"));
}

void Identities::used(Agent& agent, const std::string& account, const SyncResult& result) {
    if (const auto& end = result.chain_end) {
        warn("the certificate \"" + end->subject + "\" of the server of " + account, end->not_before, end->not_after,
             agent.clock().now());
    }
    for (auto& record : enrolled(agent)) {
        if (record.provider != account || !record.previous) continue;
        const bool good = result.end == session::End::finished || result.end == session::End::left;
        // Only what the server says of our certificate counts; that we do not trust the server's is another matter.
        const bool refused = result.failure && result.failure->fault == Fault::denied &&
                             result.error.evidence.find("TLS alert from the server") != std::string::npos;
        if (!good && !refused) continue;
        Enrolling enrolling(agent, record);
        auto means = enrolling.means(reach_);
        if (!means) continue;
        const auto done = good ? enrol::confirm(record, *means) : enrol::fall_back(record, *means);
        if (!good && done) note(Level::warning, account + " refused the new certificate; the one before is used again");
        if (!done && done.error().fault != Fault::not_found) note(Level::warning, done.error().what);
    }
}

}  // namespace steward::app

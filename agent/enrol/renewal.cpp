#include "agent/enrol/renewal.h"

#include <algorithm>

#include "agent/enrol/certificate.h"
#include "agent/enrol/fault.h"
#include "platform/base/bytes.h"
#include "platform/base/certificate.h"

namespace steward::enrol {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int fewest_tries = 12;
constexpr seconds shortest_wait = minutes(10);

std::string text_of(Instant instant) {
    return iso_extended(instant.time_since_epoch().count());
}

Error expired(const Record& record) {
    return with_code(0x80180016,
                     {Fault::denied,
                      "The certificate of this device for \"" + record.provider + "\" expired on " +
                          text_of(record.identity.not_after) +
                          " and can't be renewed any more: run \"steward unenroll\", then enrol again. What the server "
                          "set stays in force until then.",
                      record.last_error.empty() ? "" : "the last try to renew it: " + record.last_error});
}

// The PEM file begins with the certificate itself.
Result<std::string> certificate_of(const Identity& identity, const Means& means) {
    const std::string root = means.files.full_path("");
    if (!identity.certificate_file.starts_with(root)) {
        return Error{Fault::not_found, "The device's certificate is not among its own files.",
                     identity.certificate_file};
    }
    const auto pem = means.files.find(identity.certificate_file.substr(root.size()));
    if (!pem) return pem.error();
    if (!*pem) return Error{Fault::not_found, "The device's certificate is gone: enrol again.", {}};
    const auto certificate = read_certificate(**pem);
    if (!certificate) return certificate.error();
    return certificate->der;
}

// A key that an earlier try has left is used again, so that a lost answer costs no second key.
Outcome prepare_key(Record& record, const Means& means) {
    if (!record.next) {
        record.next.emplace();
        record.next->number = record.identity.number + 1;
        if (record.previous) record.next->number = std::max(record.next->number, record.previous->number + 1);
        if (auto saved = save_record(means.rows, record); !saved) return saved;
    }
    if (!record.next->key.empty()) return {};
    const auto label = record.label_of(record.next->number);
    auto left = means.keys.find(label);
    if (!left) return left.error();
    if (*left) {
        if (auto erased = means.keys.erase(**left); !erased) return erased;
    }
    auto key = means.keys.make(label, {record.key_bits});
    if (!key) return with_code(0x80180027, key.error());
    record.next->key = std::move(*key);
    return save_record(means.rows, record);
}

Result<std::string> ask(const Record& record, const Means& means) {
    const auto request = means.keys.request(record.next->key, {means.facts.device_id, means.facts.device_id});
    if (!request) return request.error();
    const auto certificate = certificate_of(record.identity, means);
    if (!certificate) return certificate.error();
    auto message = means.keys.sign_message(record.identity.key, *certificate, *request);
    if (!message) return message.error();
    transport::Trust trust = record.trust;
    trust.certificate_file = record.identity.certificate_file;
    trust.key_file = platform::key_source(record.identity.key);
    const auto exchange = means.connect(trust);
    Credentials credentials;
    credentials.user = record.user;  // with an empty password: the old certificate is the proof
    return request_token(*exchange, record.discovered.service_url,
                         {Purpose::renew, std::move(*message), record.discovered.version, false}, means.facts,
                         credentials, means.keys, means.clock.now());
}

// What binds the new identity to the old one for the server: its id for this device, signed with the old key.
Result<std::vector<Setting>> proof_of_descent(const Record& record, const Means& means) {
    std::vector<Setting> settings{
        {"CertRenewTimeStamp", "string", iso_basic(means.clock.now().time_since_epoch().count())}};
    const auto id = means.registrar.server_id_of(record.provider);
    if (id.empty()) return settings;
    const auto signature = means.keys.sign(record.identity.key, id);
    if (!signature) return signature.error();
    settings.push_back({"SignedEntDMID", "string", to_base64(*signature)});
    return settings;
}

Outcome erase(const Identity& identity, const Record& record, const Means& means) {
    if (auto erased = means.keys.erase(identity.key); !erased) return erased;
    return means.files.apply(
        {{record.folder() + "/identity-" + std::to_string(identity.number) + ".pem", std::nullopt, false}});
}

Outcome put_in_force(Record& record, const Means& means, const std::string& document) {
    const auto provisioning = read_provisioning(document, Delivers::renewal);
    if (!provisioning) return provisioning.error();
    auto chosen = choose_identity(*provisioning, record.next->key, record.next->number, record.folder(), means);
    if (!chosen) return chosen.error();
    const auto settings = proof_of_descent(record, means);
    if (!settings) return settings.error();
    const auto written = means.files.apply(
        {{record.folder() + "/identity-" + std::to_string(chosen->identity.number) + ".pem", chosen->pem, false}});
    if (!written) return written;
    Record after = record;
    after.next.reset();
    after.previous = record.identity;
    after.identity = std::move(chosen->identity);
    after.renewal = provisioning->renewal.stated ? provisioning->renewal : record.renewal;
    after.last_attempt.reset();
    after.failures = 0;
    after.last_error.clear();
    // In force first, remembered then: killed in between, the account has the new identity and the record still knows
    // the old one and the new key, so that neither is lost and the next renewal settles it.
    const auto replaced = means.registrar.replace_identity(record.provider, after.identity.certificate_file,
                                                           platform::key_source(after.identity.key), *settings);
    if (!replaced) return replaced;
    if (auto saved = save_record(means.rows, after); !saved) return saved;
    const auto before = record.previous;
    record = std::move(after);
    // The server has just accepted the identity between the two, so that nobody needs the one before it.
    return before ? erase(*before, record, means) : Outcome();
}

}  // namespace

RenewalFacts facts_for(const Record& record) {
    return {record.identity.not_before, record.identity.not_after, record.renewal, record.last_attempt};
}

std::optional<Instant> next_renewal(Instant now, const RenewalFacts& facts, double jitter) {
    if (!facts.terms.robo || now >= facts.not_after) return std::nullopt;
    const seconds lifetime = std::max(facts.not_after - facts.not_before, seconds(1));
    Instant first = facts.not_before + lifetime * 2 / 3;
    const Instant asked = facts.not_after - days(facts.terms.period_days);
    if (facts.terms.stated && asked >= facts.not_before + lifetime / 3) first = asked;
    const auto share = [jitter](seconds span) {
        return seconds(static_cast<std::int64_t>(static_cast<double>(span.count()) * jitter));
    };
    const Instant from = facts.last_attempt.value_or(first);
    const seconds left = std::max(facts.not_after - from, seconds(0));
    if (!facts.last_attempt) return std::max(now, first + share(std::min<seconds>(hours(24), left / fewest_tries)));
    const seconds wait = std::max(std::min<seconds>(days(facts.terms.retry_days), left / fewest_tries), shortest_wait);
    // Half a day to either side where the wait is long enough, else within the wait itself.
    const seconds spread = std::min<seconds>(hours(24), wait);
    const Instant next = from + wait - spread / 2 + share(spread);
    const Instant last_chance = facts.not_after - seconds(1);
    return std::max(now, std::min(next, last_chance));
}

Outcome renew(Record& record, const Means& means) {
    if (record.step != Step::enrolled || record.identity.certificate_file.empty()) {
        return Error{Fault::not_found, "There is no certificate to renew: this enrolment has none.", record.provider};
    }
    if (means.clock.now() >= record.identity.not_after) return expired(record);
    record.last_attempt = means.clock.now();
    auto done = prepare_key(record, means);
    if (done) {
        const auto document = ask(record, means);
        done = document ? put_in_force(record, means, *document) : document.error();
    }
    if (done) return {};
    ++record.failures;
    record.last_error = done.error().what;
    // Only the reason for people is lost when this fails too.
    (void)save_record(means.rows, record);
    return done;
}

Outcome confirm(Record& record, const Means& means) {
    // What the account shows is never erased, whatever the record believes.
    if (!record.previous || means.registrar.certificate_file_of(record.provider) != record.identity.certificate_file) {
        return {};
    }
    if (auto erased = erase(*record.previous, record, means); !erased) return erased;
    record.previous.reset();
    return save_record(means.rows, record);
}

Outcome fall_back(Record& record, const Means& means) {
    if (!record.previous || record.previous->not_after <= means.clock.now()) {
        return Error{Fault::not_found, "There is no earlier certificate that is still valid.", record.provider};
    }
    Record after = record;
    after.identity = *record.previous;
    after.previous.reset();
    after.next.reset();
    after.last_attempt = means.clock.now();
    ++after.failures;
    after.last_error = "The server refused the renewed certificate.";
    const auto replaced = means.registrar.replace_identity(record.provider, after.identity.certificate_file,
                                                           platform::key_source(after.identity.key), {});
    if (!replaced) return replaced;
    if (auto saved = save_record(means.rows, after); !saved) return saved;
    const Identity refused = record.identity;
    record = std::move(after);
    return erase(refused, record, means);
}

}  // namespace steward::enrol

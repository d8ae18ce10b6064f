#include "agent/enrol/record.h"

#include <algorithm>
#include <array>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"
#include "platform/sealing.h"

namespace steward::enrol {
namespace {

using Facts = store::Enrolments::Facts;

constexpr std::array<std::pair<Step, const char*>, 5> steps{{{Step::begun, "begun"},
                                                             {Step::discovered, "discovered"},
                                                             {Step::keyed, "keyed"},
                                                             {Step::issued, "issued"},
                                                             {Step::enrolled, "enrolled"}}};

// They hold passwords: of the account until there is one, and of the proxy.
constexpr std::array<const char*, 2> secrets{"document", "trust.proxy"};

// `change` seals or unseals.
Outcome change_secrets(store::Enrolments::Facts& facts, Result<std::string> (*change)(std::string_view)) {
    for (const auto* name : secrets) {
        const auto found = facts.find(name);
        if (found == facts.end()) continue;
        auto changed = change(found->second);
        if (!changed) return changed.error();
        found->second = std::move(*changed);
    }
    return {};
}

std::string text(Instant instant) {
    return std::to_string(instant.time_since_epoch().count());
}

std::string get(const Facts& facts, const std::string& name) {
    const auto found = facts.find(name);
    return found == facts.end() ? std::string() : found->second;
}

std::int64_t number(const Facts& facts, const std::string& name, std::int64_t otherwise = 0) {
    return to_integer(get(facts, name)).value_or(otherwise);
}

Instant instant(const Facts& facts, const std::string& name) {
    return Instant(std::chrono::seconds(number(facts, name)));
}

void put(Facts& facts, const std::string& name, const std::string& value) {
    if (!value.empty()) facts[name] = value;
}

void put(Facts& facts, const std::string& before, const Identity& identity) {
    facts[before + ".number"] = std::to_string(identity.number);
    put(facts, before + ".key", identity.key);
    put(facts, before + ".certificate-file", identity.certificate_file);
    put(facts, before + ".subject", identity.subject);
    put(facts, before + ".issuer", identity.issuer);
    put(facts, before + ".fingerprint", identity.fingerprint);
    if (identity.certificate_file.empty()) return;
    facts[before + ".not-before"] = text(identity.not_before);
    facts[before + ".not-after"] = text(identity.not_after);
}

Identity identity_of(const Facts& facts, const std::string& before) {
    Identity identity;
    identity.number = static_cast<int>(number(facts, before + ".number", 1));
    identity.key = get(facts, before + ".key");
    identity.certificate_file = get(facts, before + ".certificate-file");
    identity.subject = get(facts, before + ".subject");
    identity.issuer = get(facts, before + ".issuer");
    identity.fingerprint = get(facts, before + ".fingerprint");
    identity.not_before = instant(facts, before + ".not-before");
    identity.not_after = instant(facts, before + ".not-after");
    return identity;
}

Facts facts_of(const Record& record) {
    Facts facts;
    facts["step"] = name_of(record.step);
    facts["begun"] = text(record.begun);
    put(facts, "user", record.user);
    put(facts, "url", record.url);
    put(facts, "trust.ca-file", record.trust.ca_file);
    put(facts, "trust.proxy", record.trust.proxy);
    put(facts, "trust.roots-file", record.trust.roots_file);
    put(facts, "trust.key-pin", record.trust.key_pin);
    facts["by-person"] = record.by_person ? "true" : "false";
    if (record.step >= Step::discovered) {
        facts["auth-policy"] = name_of(record.discovered.policy);
        put(facts, "version", record.discovered.version);
        put(facts, "policy-url", record.discovered.policy_url);
        put(facts, "service-url", record.discovered.service_url);
        put(facts, "sign-in-url", record.discovered.sign_in_url);
    }
    facts["key-bits"] = std::to_string(record.key_bits);
    put(facts, "document", record.document);
    put(facts, "provider", record.provider);
    put(facts, "identity", record.identity);
    facts["renewal.robo"] = record.renewal.robo ? "true" : "false";
    facts["renewal.stated"] = record.renewal.stated ? "true" : "false";
    facts["renewal.period-days"] = std::to_string(record.renewal.period_days);
    facts["renewal.retry-days"] = std::to_string(record.renewal.retry_days);
    if (record.last_attempt) facts["renewal.last-attempt"] = text(*record.last_attempt);
    facts["renewal.failures"] = std::to_string(record.failures);
    put(facts, "renewal.last-error", record.last_error);
    if (record.next) put(facts, "next", *record.next);
    if (record.previous) put(facts, "previous", *record.previous);
    return facts;
}

Record record_of(const std::string& id, const Facts& facts) {
    Record record;
    record.id = id;
    for (const auto& [step, name] : steps) {
        if (get(facts, "step") == name) record.step = step;
    }
    record.begun = instant(facts, "begun");
    record.user = get(facts, "user");
    record.url = get(facts, "url");
    record.trust.ca_file = get(facts, "trust.ca-file");
    record.trust.proxy = get(facts, "trust.proxy");
    record.trust.roots_file = get(facts, "trust.roots-file");
    record.trust.key_pin = get(facts, "trust.key-pin");
    record.by_person = get(facts, "by-person") != "false";
    for (const auto each : {AuthPolicy::on_premise, AuthPolicy::federated, AuthPolicy::certificate}) {
        if (get(facts, "auth-policy") == name_of(each)) record.discovered.policy = each;
    }
    record.discovered.version = get(facts, "version");
    record.discovered.policy_url = get(facts, "policy-url");
    record.discovered.service_url = get(facts, "service-url");
    record.discovered.sign_in_url = get(facts, "sign-in-url");
    record.key_bits = static_cast<int>(number(facts, "key-bits", 2048));
    record.document = get(facts, "document");
    record.provider = get(facts, "provider");
    record.identity = identity_of(facts, "identity");
    record.renewal.robo = get(facts, "renewal.robo") != "false";
    record.renewal.stated = get(facts, "renewal.stated") == "true";
    record.renewal.period_days = number(facts, "renewal.period-days", 42);
    record.renewal.retry_days = number(facts, "renewal.retry-days", 7);
    if (facts.contains("renewal.last-attempt")) record.last_attempt = instant(facts, "renewal.last-attempt");
    record.failures = number(facts, "renewal.failures");
    record.last_error = get(facts, "renewal.last-error");
    if (facts.contains("next.number")) record.next = identity_of(facts, "next");
    if (facts.contains("previous.number")) record.previous = identity_of(facts, "previous");
    return record;
}

}  // namespace

const char* name_of(Step step) {
    const auto found = std::find_if(steps.begin(), steps.end(), [&](const auto& each) { return each.first == step; });
    return found == steps.end() ? "" : found->second;
}

std::string Record::folder() const {
    return "/enrolments/" + to_hex(sha256(provider));
}

Result<Record> load_record(const store::Enrolments& rows, const std::string& id) {
    auto facts = rows.facts(id);
    if (!facts) return facts.error();
    if (auto opened = change_secrets(*facts, platform::unseal); !opened) return opened.error();
    if (facts->empty()) return Error{Fault::not_found, "There is no such enrolment.", id};
    return record_of(id, *facts);
}

Result<std::vector<Record>> all_records(const store::Enrolments& rows) {
    const auto ids = rows.ids();
    if (!ids) return ids.error();
    std::vector<Record> records;
    for (const auto& id : *ids) {
        auto record = load_record(rows, id);
        if (!record) return record.error();
        records.push_back(std::move(*record));
    }
    std::stable_sort(records.begin(), records.end(),
                     [](const Record& a, const Record& b) { return a.begun < b.begun; });
    return records;
}

Outcome save_record(store::Enrolments& rows, const Record& record) {
    auto facts = facts_of(record);
    if (auto sealed = change_secrets(facts, platform::seal); !sealed) return sealed;
    return rows.save(record.id, facts);
}

}  // namespace steward::enrol

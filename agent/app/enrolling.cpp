#include "agent/app/enrolling.h"

#include "agent/transport/curl.h"
#include "agent/tree/check.h"
#include "platform/base/text.h"

namespace steward::app {
namespace {

session::Credentials credentials_of(const std::optional<enrol::AppAuth>& side) {
    session::Credentials made;
    if (!side) return made;
    if (same_ignoring_case(side->type, "BASIC")) made.kind = session::Auth::basic;
    if (same_ignoring_case(side->type, "DIGEST")) made.kind = session::Auth::md5;
    if (same_ignoring_case(side->type, "HMAC")) made.kind = session::Auth::mac;
    made.name = side->name;
    made.secret = side->secret;
    made.nonce_known = side->nonce.has_value();
    made.nonce = side->nonce.value_or(std::string());
    return made;
}

}  // namespace

bool AccountRegistrar::knows(const std::string& provider) const {
    return !provider.empty() && agent_.accounts().find(provider).ok();
}

std::vector<AccountRow> AccountRegistrar::rows(const std::string& node,
                                               const std::vector<enrol::Setting>& settings) const {
    std::vector<AccountRow> rows;
    for (const auto& setting : settings) {
        std::string path = node;
        for (const auto part : split(setting.path, '/')) path += "/" + tree::encode_segment(part);
        const auto place = agent_.tree().mount().find(path);
        if (!place || !std::holds_alternative<csp::Kept>(place->entry->node.binding)) continue;
        tree::Operation operation;
        operation.verb = tree::Verb::replace;
        operation.uri = path;
        operation.data = setting.value;
        auto value = tree::check_value(*place, operation);
        if (value) rows.push_back({place->uri, place->entry->node.format, std::move(*value)});
    }
    return rows;
}

Outcome AccountRegistrar::enter(const enrol::Provisioning& provisioning, const transport::Trust& trust) {
    Account account;
    account.id = provisioning.provider;
    account.name = provisioning.name;
    account.url = provisioning.url;
    account.client = credentials_of(provisioning.client);
    // Servers fill in the other side with dummies because the format wants it (protocol sheet 4.8). TLS has proved who
    // they are, so that no digest is asked of them.
    account.encoding = syncml::encoding_of(provisioning.encoding).value_or(session::Encoding::xml);
    account.trust = trust;
    auto more = rows(Accounts::node_of(account.id), provisioning.account_settings);
    auto provider = rows(Accounts::provider_node(account.id), provisioning.provider_settings);
    more.insert(more.end(), provider.begin(), provider.end());
    return agent_.accounts().add(account, more);
}

Outcome AccountRegistrar::replace_identity(const std::string& provider, const std::string& certificate_file,
                                           const std::string& key_source, const std::vector<enrol::Setting>& settings) {
    return agent_.accounts().replace_identity(provider, certificate_file, key_source,
                                              rows(Accounts::provider_node(provider), settings));
}

std::string AccountRegistrar::certificate_file_of(const std::string& provider) const {
    const auto account = agent_.accounts().find(provider);
    return account ? account->trust.certificate_file : std::string();
}

std::string AccountRegistrar::server_id_of(const std::string& provider) const {
    const auto account = agent_.accounts().find(provider);
    return account ? account->request_id : std::string();
}

Enrolling::Enrolling(Agent& agent, std::string token)
    : agent_(agent),
      keys_(platform::keystore_in(agent.state_directory(), std::move(token))),
      files_(platform::state_files_in(agent.state_directory())),
      registrar_(agent) {}

Enrolling::Enrolling(Agent& agent, const enrol::Record& record)
    : Enrolling(agent, record.identity.key.starts_with("pkcs11:") ? record.identity.key : std::string()) {}

Reach over_libcurl() {
    return [](const transport::Trust& trust) { return std::make_unique<transport::CurlExchange>(trust); };
}

Result<enrol::Means> Enrolling::means(Reach reach) {
    auto facts = enrol::device_facts(agent_.host());
    if (!facts) return facts.error();
    return enrol::Means{std::move(reach), *keys_,         *files_,          agent_.enrolments(),
                        registrar_,       agent_.clock(), std::move(*facts)};
}

Result<std::vector<enrol::Record>> Enrolling::enrolled(Agent& agent) {
    auto records = enrol::all_records(agent.enrolments());
    if (!records) return records;
    std::erase_if(*records, [](const enrol::Record& each) { return each.step != enrol::Step::enrolled; });
    return records;
}

Outcome forget_enrolment(Agent& agent, const std::string& provider) {
    const auto records = enrol::all_records(agent.enrolments());
    if (!records) return records.error();
    for (const auto& record : *records) {
        if (record.provider != provider || provider.empty()) continue;
        Enrolling enrolling(agent, record);
        auto gone = enrol::forget(record, enrolling.keys(), enrolling.files(), agent.enrolments());
        if (!gone) return gone;
    }
    return {};
}

}  // namespace steward::app

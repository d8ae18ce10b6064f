#include "tests/server/callers.h"

#include <algorithm>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"

namespace steward::server {
namespace {

constexpr char user_token[] =
    "http://schemas.microsoft.com/5.0.0.0/ConfigurationManager/Enrollment/DeviceEnrollmentUserToken";
constexpr std::string_view x509_token = "#X509";

Error denied(std::string what) {
    return {Fault::denied, std::move(what), {}};
}

Error other_kind(std::string what) {
    return {Fault::format, std::move(what), {}};
}

}  // namespace

std::string_view name_of(AuthPolicy policy) {
    switch (policy) {
        case AuthPolicy::federated:
            return "Federated";
        case AuthPolicy::certificate:
            return "Certificate";
        default:
            return "OnPremise";
    }
}

std::optional<AuthPolicy> auth_policy_named(std::string_view lower) {
    if (lower == "onpremise") return AuthPolicy::on_premise;
    if (lower == "federated") return AuthPolicy::federated;
    if (lower == "certificate") return AuthPolicy::certificate;
    return std::nullopt;
}

bool accepts(const std::vector<Account>& accounts, const std::string& name, const std::string& secret) {
    bool right = false;
    for (const auto& account : accounts) {
        right = right || (account.name == name && same_secret(account.secret, secret));
    }
    return right;
}

Result<std::string> Callers::identify(const Envelope& envelope, std::string_view bytes, bool spend) const {
    if (policy_ == AuthPolicy::on_premise) return by_password(envelope);
    if (policy_ == AuthPolicy::federated) return by_token(envelope, spend);
    return by_certificate(envelope, bytes);
}

Result<std::string> Callers::by_password(const Envelope& envelope) const {
    if (!envelope.user_name) return other_kind("The Security header must hold a UsernameToken.");
    if (!accepts(accounts_, *envelope.user_name, envelope.password)) {
        return denied("The name or the password is wrong.");
    }
    return *envelope.user_name;
}

Result<std::string> Callers::by_token(const Envelope& envelope, bool spend) const {
    if (!envelope.token || envelope.token->value_type != user_token) {
        return other_kind("The Security header must hold a BinarySecurityToken of the type DeviceEnrollmentUserToken.");
    }
    const auto token = from_base64(envelope.token->value);
    const auto user = !token ? std::nullopt : spend ? federation_.spend(*token) : federation_.user_of(*token);
    if (!user) return denied("The token is unknown, too old, or was used before.");
    return *user;
}

Result<std::string> Callers::by_certificate(const Envelope& envelope, std::string_view bytes) const {
    const auto certificate = envelope.token ? from_base64(envelope.token->value) : std::nullopt;
    const bool kind = envelope.token &&
                      (envelope.token->value_type == user_token || envelope.token->value_type.ends_with(x509_token) ||
                       envelope.token->value_type.ends_with("#X509v3"));
    if (!certificate || !kind || !envelope.is_signed) {
        return other_kind("The Security header must hold a certificate and a signature.");
    }
    const auto facts = facts_of(*certificate);
    if (!facts) return denied(facts.error().what);
    if (auto ours = authority_.vouches_for(*certificate, clock_.now()); !ours) {
        return denied(ours.error().what + ' ' + ours.error().evidence + '.');
    }
    const auto parts = signed_parts(bytes);
    if (!parts) return denied(parts.error().what);
    const auto digest = from_base64(envelope.digest);
    const auto signature = from_base64(envelope.signature);
    const bool whole = digest && std::any_of(parts->without.begin(), parts->without.end(),
                                             [&](const auto& form) { return sha256(form) == *digest; });
    if (!whole) return denied("The digest in the signature is not that of the message.");
    if (!signature || !signed_by(*certificate, parts->signed_info, *signature)) {
        return denied("The signature was not made with the key of the certificate.");
    }
    return facts->common_name;
}

}  // namespace steward::server

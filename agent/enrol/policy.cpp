#include "agent/enrol/policy.h"

#include <algorithm>

#include "platform/base/text.h"

namespace steward::enrol {
namespace {

constexpr std::string_view rsa = "1.2.840.113549.1.1.1";
constexpr std::string_view rsa_signatures = "1.2.840.113549.1.1.";  // sha256RSA and its like
constexpr int fewest_bits = 2048, most_bits = 8192;

// References of policies point into the list oIDs; nil, missing or dangling ones say nothing.
std::string oid_of(const Element& body, const Element& attributes, std::string_view reference) {
    const std::string number = attributes.text_of(reference);
    const auto* list = body.descendant("oIDs");
    if (number.empty() || list == nullptr) return {};
    for (const auto& each : list->children) {
        if (each.text_of("oIDReferenceID") == number) return each.text_of("value");
    }
    return {};
}

}  // namespace

std::string policies_body() {
    return R"(<GetPolicies xmlns="http://schemas.microsoft.com/windows/pki/2009/01/enrollmentpolicy">)"
           R"(<client><lastUpdate xsi:nil="true"/><preferredLanguage xsi:nil="true"/>)"
           R"(<TPMManufacturer></TPMManufacturer><TPMFirmwareVersion></TPMFirmwareVersion></client>)"
           R"(<requestFilter xsi:nil="true"/></GetPolicies>)";
}

Result<KeyPolicy> read_policies(const Element& body) {
    KeyPolicy policy;
    const auto* attributes = body.descendant("attributes");
    if (attributes == nullptr) return policy;
    policy.stated = true;
    if (const auto bits = to_integer(attributes->text_of("minimalKeyLength"))) {
        if (*bits > most_bits) {
            return Error{Fault::unsupported,
                         "The server asks for a key of " + std::to_string(*bits) +
                             " bits, and 8192 is the most that is made here: its administrator must ask for less.",
                         {}};
        }
        policy.bits = std::max(static_cast<int>(*bits), fewest_bits);
    }
    const std::string algorithm = oid_of(body, *attributes, "algorithmOIDReference");
    if (!algorithm.empty() && algorithm != rsa && !algorithm.starts_with(rsa_signatures) &&
        algorithm != "1.3.14.3.2.29") {
        return Error{Fault::unsupported,
                     "The server asks for a kind of key that is not made here: its administrator must ask for RSA.",
                     algorithm.substr(0, 100)};
    }
    return policy;
}

Result<KeyPolicy> get_policies(transport::Exchange& exchange, const std::string& url, const Credentials& credentials,
                               platform::Keystore& keys, Instant now) {
    Envelope envelope;
    envelope.dialect = Dialect::policy;
    envelope.to = url;
    envelope.body = policies_body();
    auto request = prove(std::move(envelope), credentials, keys, now);
    if (!request) return request.error();
    const auto body = call(exchange, url, std::move(*request));
    if (body) return read_policies(*body);
    if (body.error().fault == Fault::malformed && body.error().evidence.ends_with("not well-formed XML.")) {
        return KeyPolicy{};
    }
    return body.error();
}

}  // namespace steward::enrol

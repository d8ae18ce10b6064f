#include "agent/enrol/credentials.h"

#include <algorithm>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"

namespace steward::enrol {
namespace {

constexpr std::string_view user_token =
    "http://schemas.microsoft.com/5.0.0.0/ConfigurationManager/Enrollment/DeviceEnrollmentUserToken";
constexpr std::string_view web_token = "urn:ietf:params:oauth:token-type:jwt";
constexpr std::string_view base64_type =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd#base64binary";
constexpr std::string_view token_id = "29801C2F-F26B-46AD-984B-AFAEFB545FF8";
constexpr std::string_view security_begin = R"(<wsse:Security s:mustUnderstand="1">)";
constexpr std::string_view security_end = "</wsse:Security>";
constexpr std::chrono::minutes lifetime{10};

std::string binary_token(std::string_view kind, std::string_view raw, std::string_view id = {}) {
    std::string out = "<wsse:BinarySecurityToken ValueType=\"" + std::string(kind) + "\" EncodingType=\"" +
                      std::string(base64_type) + "\"";
    if (!id.empty()) out += " u:Id=\"" + std::string(id) + "\"";
    return out + ">" + to_base64(raw) + "</wsse:BinarySecurityToken>";
}

std::string name_and_password(const Credentials& credentials) {
    return R"(<wsse:UsernameToken u:Id="uuid-cc1ccc1f-2fba-4bcf-b063-ffc0cac77917-4">)" +
           element("wsse:Username", credentials.user) +
           element(
               "wsse:Password wsse:Type=\"http://docs.oasis-open.org/wss/2004/01/"
               "oasis-200401-wss-username-token-profile-1.0#PasswordText\"",
               credentials.secret) +
           "</wsse:UsernameToken>";
}

std::string timestamp(Instant now) {
    return "<u:Timestamp>" + element("u:Created", iso_extended(now.time_since_epoch().count())) +
           element("u:Expires", iso_extended((now + lifetime).time_since_epoch().count())) + "</u:Timestamp>";
}

// In exclusive canonical form already, so that it can be signed as it stands.
std::string signed_info(std::string_view digest) {
    return R"(<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">)"
           R"(<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod>)"
           R"(<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod>)"
           R"(<ds:Reference URI=""><ds:Transforms>)"
           R"(<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>)"
           R"(</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>)" +
           element("ds:DigestValue", to_base64(digest)) + "</ds:Reference></ds:SignedInfo>";
}

std::string signature(const std::string& info, std::string_view value) {
    return R"(<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">)" + info +
           element("ds:SignatureValue", to_base64(value)) +
           R"(<ds:KeyInfo><wsse:SecurityTokenReference><wsse:Reference URI="#)" + std::string(token_id) +
           R"(" ValueType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509">)"
           R"(</wsse:Reference></wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature>)";
}

// The transform takes the signature away and leaves the rest in canonical form (XMLDSig 4.4.3.2), which is signed.
Result<std::string> sign(Envelope envelope, const Credentials& credentials, platform::Keystore& keys, Instant now) {
    const std::string content = timestamp(now) + binary_token(user_token, credentials.certificate, token_id);
    envelope.security = std::string(security_begin) + content + std::string(security_end);
    const auto covered = canonical_document(write_envelope(envelope));
    if (!covered) return covered.error();
    const std::string info = signed_info(sha256(*covered));
    const auto value = keys.sign(credentials.key, info);
    if (!value) return value.error();
    envelope.security = std::string(security_begin) + content + signature(info, *value) + std::string(security_end);
    return write_envelope(envelope);
}

}  // namespace

const char* name_of(AuthPolicy policy) {
    switch (policy) {
        case AuthPolicy::on_premise:
            return "OnPremise";
        case AuthPolicy::federated:
            return "Federated";
        case AuthPolicy::certificate:
            return "Certificate";
    }
    return "";
}

bool is_web_token(std::string_view token) {
    const auto parts = split(token, '.');
    return parts.size() == 3 && token.starts_with("eyJ") && std::all_of(token.begin(), token.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '_' || c == '.';
           });
}

Result<std::string> prove(Envelope envelope, const Credentials& credentials, platform::Keystore& keys, Instant now) {
    if (credentials.policy == AuthPolicy::certificate) return sign(std::move(envelope), credentials, keys, now);
    const std::string proof =
        credentials.policy == AuthPolicy::on_premise
            ? name_and_password(credentials)
            : binary_token(is_web_token(credentials.secret) ? web_token : user_token, credentials.secret);
    envelope.security = std::string(security_begin) + proof + std::string(security_end);
    return write_envelope(envelope);
}

}  // namespace steward::enrol

#include "agent/enrol/certificate.h"

#include "agent/enrol/fault.h"
#include "agent/syncml/escape.h"
#include "platform/base/bytes.h"

namespace steward::enrol {
namespace {

constexpr std::string_view trust = "http://docs.oasis-open.org/ws-sx/ws-trust/200512/";

std::string item(std::string_view name, std::string_view value) {
    std::string out = "<ac:ContextItem Name=\"" + std::string(name) + "\"><ac:Value>";
    syncml::append_escaped(out, value);
    return out + "</ac:Value></ac:ContextItem>";
}

std::string context(const TokenRequest& request, const DeviceFacts& facts) {
    const auto truth = [](bool value) { return value ? "true" : "false"; };
    std::string out = R"(<ac:AdditionalContext xmlns="http://schemas.xmlsoap.org/ws/2006/12/authorization">)";
    out += item("UXInitiated", truth(request.by_person));
    out += item("HWDevID", facts.hardware_id);
    out += item("Locale", facts.locale);
    out += item("TargetedUserLoggedIn", truth(facts.somebody_signed_in));
    out += item("OSEdition", facts.os_edition);
    out += item("DeviceName", facts.name);
    for (const auto& mac : facts.macs) out += item("MAC", mac);
    out += item("DeviceID", facts.device_id);
    out += item("EnrollmentType", "Device");
    out += item("DeviceType", "CIMClient_Windows");
    out += item("OSVersion", facts.os_version);
    out += item("ApplicationVersion", facts.application_version);
    out += item("NotInOobe", "true");
    // As Windows 11 does it (S10): 5.0 to a server of 5.0, else the newest, with the word that nothing is attested.
    if (request.server_version == "5.0") {
        out += item("RequestVersion", "5.0");
    } else {
        out += item("RequestVersion", "9.0") + item("AttestationStatus", "AttestationResultNoAttestation");
    }
    return out + "</ac:AdditionalContext>";
}

std::string kind_of(Purpose purpose) {
    return purpose == Purpose::issue
               ? "http://schemas.microsoft.com/windows/pki/2009/01/enrollment#PKCS10"
               : "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd#PKCS7";
}

}  // namespace

std::string token_body(const TokenRequest& request, const DeviceFacts& facts) {
    return "<wst:RequestSecurityToken>" +
           element("wst:TokenType",
                   "http://schemas.microsoft.com/5.0.0.0/ConfigurationManager/Enrollment/DeviceEnrollmentToken") +
           element("wst:RequestType", std::string(trust) + (request.purpose == Purpose::issue ? "Issue" : "Renew")) +
           "<wsse:BinarySecurityToken ValueType=\"" + kind_of(request.purpose) +
           "\" EncodingType=\"http://docs.oasis-open.org/wss/2004/01/"
           "oasis-200401-wss-wssecurity-secext-1.0.xsd#base64binary\">" +
           to_base64(request.request) + "</wsse:BinarySecurityToken>" + context(request, facts) +
           "</wst:RequestSecurityToken>";
}

Result<std::string> read_token(const Element& body) {
    const auto* requested = body.descendant("RequestedSecurityToken");
    const auto* token = (requested != nullptr ? requested : &body)->descendant("BinarySecurityToken");
    if (token == nullptr || token->text.empty()) {
        const std::string words = syncml::legal(body.text_of("DispositionMessage").substr(0, 300));
        return with_code(0x80180004, {Fault::denied, std::string(refusal_of(0x80180004)->sentence),
                                      words.empty() ? "" : "server says: " + words});
    }
    auto document = from_base64(token->text);
    if (!document) {
        return with_code(0x80180023, {Fault::malformed, std::string(refusal_of(0x80180023)->sentence),
                                      "the document is no base64 text"});
    }
    return std::move(*document);
}

Result<std::string> request_token(transport::Exchange& exchange, const std::string& url, const TokenRequest& request,
                                  const DeviceFacts& facts, const Credentials& credentials, platform::Keystore& keys,
                                  Instant now) {
    Envelope envelope;
    envelope.dialect = Dialect::token;
    envelope.to = url;
    envelope.body = token_body(request, facts);
    auto written = prove(std::move(envelope), credentials, keys, now);
    if (!written) return written.error();
    const auto body = call(exchange, url, std::move(*written));
    if (!body) return body.error();
    return read_token(*body);
}

}  // namespace steward::enrol

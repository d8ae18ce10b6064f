#include "tests/server/soap.h"

#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace steward::server {
namespace {

constexpr char soap_1_2[] = "http://www.w3.org/2003/05/soap-envelope";
constexpr char soap_1_1[] = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr char utility[] = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
constexpr char activity[] = "http://schemas.microsoft.com/2004/09/ServiceModel/Diagnostics";
constexpr char addressing[] = "http://www.w3.org/2005/08/addressing";
constexpr char fault_action[] =
    "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher/fault";
constexpr char provisioning_type[] =
    "http://schemas.microsoft.com/5.0.0.0/ConfigurationManager/Enrollment/DeviceEnrollmentProvisionDoc";
constexpr char token_type[] =
    "http://schemas.microsoft.com/5.0.0.0/ConfigurationManager/Enrollment/DeviceEnrollmentToken";

Error refused(std::string what, std::string evidence = {}) {
    return {Fault::malformed, std::move(what), std::move(evidence)};
}

Token token_of(const Element& element) {
    return {element.attribute("ValueType"), element.attribute("EncodingType"), element.text};
}

std::string folded(const std::string& text) {
    constexpr std::size_t line = 64;
    std::string made;
    for (std::size_t at = 0; at < text.size(); at += line) made += text.substr(at, line) + "\r\n";
    return made;
}

std::string timestamp(Instant now, bool stale) {
    constexpr auto years_back = std::chrono::hours(24 * 365 * 7);
    const auto created = stale ? now - years_back : now;
    const auto text = [](Instant at) { return iso_extended(at.time_since_epoch().count()); };
    return "<o:Security s:mustUnderstand=\"1\" xmlns:o=\"" + space::security +
           "\"><u:Timestamp u:Id=\"_0\"><u:Created>" + text(created) + "</u:Created><u:Expires>" +
           text(created + std::chrono::minutes(5)) + "</u:Expires></u:Timestamp></o:Security>";
}

}  // namespace

Result<Envelope> read_envelope(std::string_view bytes) {
    auto root = read_xml(bytes);
    if (!root) return root.error();
    if (root->name != "Envelope" || (root->space != soap_1_2 && root->space != soap_1_1)) {
        return refused("The document is no SOAP envelope.", root->name);
    }
    const auto* body = root->child("Body");
    if (body == nullptr || body->children.size() != 1) return refused("The SOAP body must hold one element.");
    Envelope made;
    made.action = root->text_at({"Header", "Action"});
    made.message_id = root->text_at({"Header", "MessageID"});
    made.to = root->text_at({"Header", "To"});
    if (const auto* security = root->find({"Header", "Security"})) {
        if (const auto* user = security->child("UsernameToken")) {
            made.user_name = user->text_at({"Username"});
            made.password = user->text_at({"Password"});
        }
        if (const auto* token = security->child("BinarySecurityToken")) made.token = token_of(*token);
        if (const auto* signature = security->child("Signature")) {
            made.is_signed = true;
            made.digest = signature->text_at({"SignedInfo", "Reference", "DigestValue"});
            made.signature = signature->text_at({"SignatureValue"});
        }
    }
    made.content = body->children.front();
    return made;
}

std::string TokenRequest::item(std::string_view name) const {
    for (const auto& [key, value] : context) {
        if (same_ignoring_case(key, name)) return value;
    }
    return {};
}

Result<TokenRequest> token_request_of(const Element& content) {
    if (content.name != "RequestSecurityToken") {
        return refused("The enrolment service wants a RequestSecurityToken.", content.name);
    }
    const auto* token = content.child("BinarySecurityToken");
    if (token == nullptr) return refused("The RequestSecurityToken holds no BinarySecurityToken.");
    TokenRequest made;
    made.token_type = content.text_at({"TokenType"});
    made.request_type = content.text_at({"RequestType"});
    made.token = token_of(*token);
    if (const auto* context = content.child("AdditionalContext")) {
        for (const auto& each : context->children) {
            if (each.name == "ContextItem") made.context.emplace_back(each.attribute("Name"), each.text_at({"Value"}));
        }
    }
    return made;
}

std::string envelope(const Said& said, const Dress& dress, Instant now) {
    std::string made = std::string("<s:Envelope xmlns:s=\"") +
                       (dress.soap_1_1 && said.timestamp ? soap_1_1 : soap_1_2) + "\" xmlns:a=\"" + addressing +
                       "\" xmlns:u=\"" + utility + "\"><s:Header><a:Action s:mustUnderstand=\"1\">" + said.action +
                       "</a:Action><ActivityId xmlns=\"" + activity +
                       "\">00000000-0000-0000-0000-000000000000</ActivityId>";
    if (!said.relates_to.empty()) made += "<a:RelatesTo>" + escaped(said.relates_to) + "</a:RelatesTo>";
    if (said.timestamp) made += timestamp(now, dress.stale);
    return made +
           "</s:Header><s:Body xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
           "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">" +
           said.content + "</s:Body></s:Envelope>";
}

std::string token_response(std::string_view document, const Dress& dress) {
    const auto base64 = to_base64(document);
    return "<RequestSecurityTokenResponseCollection xmlns=\"" + space::trust +
           "\"><RequestSecurityTokenResponse><TokenType>" + token_type + "</TokenType><DispositionMessage xmlns=\"" +
           space::enrolment + "\"></DispositionMessage><RequestedSecurityToken><BinarySecurityToken xmlns=\"" +
           space::security + "\" ValueType=\"" + provisioning_type + "\" EncodingType=\"" + space::security +
           "#base64binary\">" + (dress.folded ? folded(base64) : base64) +
           "</BinarySecurityToken></RequestedSecurityToken><RequestID xmlns=\"" + space::enrolment +
           "\">0</RequestID></RequestSecurityTokenResponse></RequestSecurityTokenResponseCollection>";
}

std::string fault_envelope(const SoapFault& fault, const std::string& relates_to, const Dress& dress, Instant now) {
    const auto name = [&](const std::string& usual) { return "s:" + (dress.lower_case_faults ? lower(usual) : usual); };
    const auto element = [&](const std::string& usual, const std::string& content) {
        return '<' + name(usual) + '>' + content + "</" + name(usual) + '>';
    };
    const auto detail_name = [&](const std::string& usual) { return dress.lower_case_faults ? lower(usual) : usual; };
    const auto leaf = [&](const std::string& usual, const std::string& value) {
        return '<' + detail_name(usual) + '>' + escaped(value) + "</" + detail_name(usual) + '>';
    };
    std::string content =
        element("Code", element("Value", fault.code) + element("Subcode", element("Value", fault.subcode))) +
        element("Reason",
                '<' + name("Text") + " xml:lang=\"en-us\">" + escaped(fault.reason) + "</" + name("Text") + '>');
    if (!fault.error_type.empty()) {
        content += element("Detail", '<' + detail_name("DeviceEnrollmentServiceError") + " xmlns=\"" +
                                         space::enrolment + "\">" + leaf("ErrorType", fault.error_type) +
                                         leaf("Message", fault.message) + leaf("TraceId", fault.trace_id) + "</" +
                                         detail_name("DeviceEnrollmentServiceError") + '>');
    }
    return envelope({fault_action, relates_to, element("Fault", content), false}, dress, now);
}

}  // namespace steward::server

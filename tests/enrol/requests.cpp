// Every request of an enrolment, byte for byte.
#include <gtest/gtest.h>

#include "agent/enrol/certificate.h"
#include "agent/enrol/discovery.h"
#include "agent/enrol/policy.h"
#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/keystore.h"
#include "tests/enrol/script.h"
#include "tests/support/issuer.h"
#include "tests/support/temporary_directory.h"

namespace steward::enrol {
namespace {

constexpr Instant noon{std::chrono::sys_days(std::chrono::year(2026) / 7 / 1) + std::chrono::hours(12)};

const std::string namespaces =
    R"(xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing" )"
    R"(xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" )"
    R"(xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" )"
    R"(xmlns:wst="http://docs.oasis-open.org/ws-sx/ws-trust/200512" )"
    R"(xmlns:ac="http://schemas.xmlsoap.org/ws/2006/12/authorization")";
const std::string name_and_password =
    R"(<wsse:Security s:mustUnderstand="1"><wsse:UsernameToken u:Id="uuid-cc1ccc1f-2fba-4bcf-b063-ffc0cac77917-4">)"
    R"(<wsse:Username>ann@corp.example</wsse:Username><wsse:Password wsse:Type="http://docs.oasis-open.org/wss/2004/01/)"
    R"(oasis-200401-wss-username-token-profile-1.0#PasswordText">p&lt;w&amp;</wsse:Password></wsse:UsernameToken></wsse:Security>)";
const std::string policies =
    R"(<s:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">)"
    R"(<GetPolicies xmlns="http://schemas.microsoft.com/windows/pki/2009/01/enrollmentpolicy"><client>)"
    R"(<lastUpdate xsi:nil="true"/><preferredLanguage xsi:nil="true"/><TPMManufacturer></TPMManufacturer>)"
    R"(<TPMFirmwareVersion></TPMFirmwareVersion></client><requestFilter xsi:nil="true"/></GetPolicies></s:Body></s:Envelope>)";

DeviceFacts device() {
    DeviceFacts facts;
    facts.device_id = "0A1B2C3D";
    facts.hardware_id = std::string(64, 'a');
    facts.name = "ann's \"box\"";
    facts.locale = "de-DE";
    facts.os_version = "12.0.0.0";
    facts.application_version = "0.1.0.0";
    facts.macs = {"00-11-22-33-44-55", "66-77-88-99-AA-BB"};
    facts.somebody_signed_in = true;
    return facts;
}

std::string header(const std::string& action, const std::string& id, const std::string& to,
                   const std::string& security) {
    return "<s:Header><a:Action s:mustUnderstand=\"1\">" + action + "</a:Action><a:MessageID>urn:uuid:" + id +
           "</a:MessageID><a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo>"
           "<a:To s:mustUnderstand=\"1\">" +
           to + "</a:To>" + security + "</s:Header>";
}

struct EnrolRequests : testing::Test {
    steward::test::TemporaryDirectory state;
    const std::unique_ptr<platform::Keystore> store = platform::keystore_in(state.path());
    platform::Keystore& keys = *store;
    Credentials ann{AuthPolicy::on_premise, "ann@corp.example", "p<w&", {}, {}};

    std::string proved(Dialect dialect, const std::string& body, const Credentials& credentials) {
        Envelope envelope{dialect, "https://mdm.example/x?a=1&b=2", {}, body};
        auto text = prove(envelope, credentials, keys, noon);
        EXPECT_TRUE(text) << text.error().what;
        return text ? *text : std::string();
    }
};

TEST_F(EnrolRequests, ENR_01_DiscoverIsByteForByteWhatWindowsSends) {
    EXPECT_EQ(
        discover_request("https://enterpriseenrollment.corp.example/EnrollmentServer/Discovery.svc", "ann@corp.example",
                         device(), false),
        R"(<s:Envelope xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:s="http://www.w3.org/2003/05/soap-envelope">)" +
            header("http://schemas.microsoft.com/windows/management/2012/01/enrollment/IDiscoveryService/Discover",
                   "748132ec-a575-4329-b01b-6171a9cf8478",
                   "https://enterpriseenrollment.corp.example/EnrollmentServer/Discovery.svc", "") +
            R"(<s:Body><Discover xmlns="http://schemas.microsoft.com/windows/management/2012/01/enrollment">)"
            R"(<request xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><EmailAddress>ann@corp.example</EmailAddress>)"
            R"(<RequestVersion>4.0</RequestVersion><DeviceType>CIMClient_Windows</DeviceType>)"
            R"(<ApplicationVersion>0.1.0.0</ApplicationVersion><OSEdition>4</OSEdition><AuthPolicies>)"
            R"(<AuthPolicy>OnPremise</AuthPolicy><AuthPolicy>Federated</AuthPolicy></AuthPolicies></request></Discover>)"
            R"(</s:Body></s:Envelope>)");
    EXPECT_NE(discover_request("https://x.example/", "a@b.c", device(), true)
                  .find("<AuthPolicy>Federated</AuthPolicy><AuthPolicy>Certificate</AuthPolicy></AuthPolicies>"),
              std::string::npos);
}

TEST_F(EnrolRequests, ENR_02_GetPoliciesWithNameAndPasswordIsByteForByteWhatWindowsSends) {
    EXPECT_EQ(
        proved(Dialect::policy, policies_body(), ann),
        "<s:Envelope " + namespaces + ">" +
            header("http://schemas.microsoft.com/windows/pki/2009/01/enrollmentpolicy/IPolicy/GetPolicies",
                   "72048B64-0F19-448F-8C2E-B4C661860AA0", "https://mdm.example/x?a=1&amp;b=2", name_and_password) +
            policies);
}

TEST_F(EnrolRequests, ENR_02_TokensAreAnnouncedAsWhatTheyAre) {
    const auto token = [&](const std::string& text) {
        return test::between(proved(Dialect::policy, policies_body(), {AuthPolicy::federated, "", text, {}, {}}),
                             "<wsse:Security s:mustUnderstand=\"1\">", "</wsse:Security>");
    };
    const std::string rest =
        R"( EncodingType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd#base64binary">)";
    EXPECT_EQ(
        token("opaque"),
        R"(<wsse:BinarySecurityToken ValueType="http://schemas.microsoft.com/5.0.0.0/ConfigurationManager/Enrollment/DeviceEnrollmentUserToken")" +
            rest + "b3BhcXVl</wsse:BinarySecurityToken>");
    EXPECT_EQ(token("eyJh.eyJi.c2ln"), R"(<wsse:BinarySecurityToken ValueType="urn:ietf:params:oauth:token-type:jwt")" +
                                           rest + "ZXlKaC5leUppLmMybG4=</wsse:BinarySecurityToken>");
}

TEST_F(EnrolRequests, ENR_02_RequestSecurityTokenIsByteForByteWhatWindowsSends) {
    const auto item = [](const std::string& name, const std::string& value) {
        return "<ac:ContextItem Name=\"" + name + "\"><ac:Value>" + value + "</ac:Value></ac:ContextItem>";
    };
    const std::string items =
        item("UXInitiated", "true") + item("HWDevID", std::string(64, 'a')) + item("Locale", "de-DE") +
        item("TargetedUserLoggedIn", "true") + item("OSEdition", "4") + item("DeviceName", "ann's \"box\"") +
        item("MAC", "00-11-22-33-44-55") + item("MAC", "66-77-88-99-AA-BB") + item("DeviceID", "0A1B2C3D") +
        item("EnrollmentType", "Device") + item("DeviceType", "CIMClient_Windows") + item("OSVersion", "12.0.0.0") +
        item("ApplicationVersion", "0.1.0.0") + item("NotInOobe", "true");
    const auto body = [&](const std::string& kind, const std::string& type, const std::string& version) {
        return "<s:Body><wst:RequestSecurityToken><wst:TokenType>http://schemas.microsoft.com/5.0.0.0/"
               "ConfigurationManager/Enrollment/DeviceEnrollmentToken</wst:TokenType><wst:RequestType>http://docs."
               "oasis-open.org/ws-sx/ws-trust/200512/" +
               kind + "</wst:RequestType><wsse:BinarySecurityToken ValueType=\"" + type +
               "\" EncodingType=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
               "#base64binary\">cGtjcw==</wsse:BinarySecurityToken><ac:AdditionalContext xmlns=\"http://schemas."
               "xmlsoap.org/ws/2006/12/authorization\">" +
               items + version + "</ac:AdditionalContext></wst:RequestSecurityToken></s:Body></s:Envelope>";
    };
    const std::string begin =
        "<s:Envelope " + namespaces + ">" +
        header("http://schemas.microsoft.com/windows/pki/2009/01/enrollment/RST/wstep",
               "0d5a1441-5891-453b-becf-a2e5f6ea3749", "https://mdm.example/x?a=1&amp;b=2", name_and_password);
    EXPECT_EQ(
        proved(Dialect::token, token_body({Purpose::issue, "pkcs", "4.0", true}, device()), ann),
        begin + body("Issue", "http://schemas.microsoft.com/windows/pki/2009/01/enrollment#PKCS10",
                     item("RequestVersion", "9.0") + item("AttestationStatus", "AttestationResultNoAttestation")));
    EXPECT_EQ(
        proved(Dialect::token, token_body({Purpose::renew, "pkcs", "5.0", true}, device()), ann),
        begin + body("Renew", "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd#PKCS7",
                     item("RequestVersion", "5.0")));
}

TEST_F(EnrolRequests, ENR_02_ACertificateSignsTheWholeEnvelope) {
    const auto key = keys.make("bootstrap", {});
    ASSERT_TRUE(key);
    const steward::test::Issuer issuer("issuer");
    const auto certificate = issuer.issue(*keys.request(*key, {"bulk", {}}), "bulk", noon, noon + std::chrono::days(9));
    const auto text = proved(Dialect::policy, policies_body(), {AuthPolicy::certificate, {}, {}, certificate, *key});
    const std::string signature =
        "<ds:Signature" + test::between(text, "<ds:Signature", "</ds:Signature>") + "</ds:Signature>";
    std::string unsigned_text = text;
    unsigned_text.erase(unsigned_text.find(signature), signature.size());
    const auto covered = canonical_document(unsigned_text);
    ASSERT_TRUE(covered);
    EXPECT_EQ(test::between(text, "<ds:DigestValue>", "<"), to_base64(sha256(*covered)));
    const auto info = "<ds:SignedInfo" + test::between(text, "<ds:SignedInfo", "</ds:SignedInfo>") + "</ds:SignedInfo>";
    EXPECT_TRUE(steward::test::signature_fits(certificate, info,
                                              *from_base64(test::between(text, "<ds:SignatureValue>", "<"))));
    EXPECT_EQ(*from_base64(test::between(text, "u:Id=\"29801C2F-F26B-46AD-984B-AFAEFB545FF8\">", "<")), certificate);
    EXPECT_EQ(test::between(text, "<u:Created>", "<"), "2026-07-01T12:00:00Z");
    EXPECT_EQ(test::between(text, "<u:Expires>", "<"), "2026-07-01T12:10:00Z");
    EXPECT_EQ(test::between(info, "<ds:Reference URI=\"", "\""), "");
    EXPECT_NE(text.find("<wsse:Reference URI=\"#29801C2F-F26B-46AD-984B-AFAEFB545FF8\""), std::string::npos);
}

TEST(EnrolFacts, VersionsHaveFourNumbers) {
    EXPECT_EQ(four_numbers("12"), "12.0.0.0");
    EXPECT_EQ(four_numbers("24.04"), "24.04.0.0");
    EXPECT_EQ(four_numbers("1.2.3.4.5"), "1.2.3.4");
    EXPECT_EQ(four_numbers("9-stream.2"), "9.0.0.0");
    EXPECT_EQ(four_numbers("rolling"), "0.0.0.0");
    EXPECT_EQ(four_numbers(""), "0.0.0.0");
}

}  // namespace
}  // namespace steward::enrol

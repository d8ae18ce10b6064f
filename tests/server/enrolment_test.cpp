// The enrolment services without a network.
#include "tests/server/enrolment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/bytes.h"
#include "tests/server/applicant.h"

namespace steward::server {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char discovery[] = "/EnrollmentServer/Discovery.svc";
constexpr char policy[] = "/EnrollmentServer/Policy.svc";
constexpr char service[] = "/EnrollmentServer/Enrollment.svc";

Request post(const std::string& path, const std::string& body) {
    return {"POST", path, "HTTP/1.1", {{"Content-Type", "application/soap+xml; charset=utf-8"}}, body};
}

// Keys take long to make, and no test changes one.
const Applicant& laptop() {
    static const Applicant made("DEV-1");
    return made;
}
const Applicant& other() {
    static const Applicant made("DEV-2");
    return made;
}

struct Server {
    explicit Server(EnrolmentSettings wanted = {}, std::vector<ChosenFault> chosen = {})
        : faults(std::move(chosen)),
          enrolment(with_account(std::move(wanted)), *authority, registry, faults, clock,
                    [this](const std::string& text) { notes.push_back(text); }) {
        clock.time = SystemClock().now();
    }
    static EnrolmentSettings with_account(EnrolmentSettings settings) {
        settings.accounts = {{"ann", "secret word"}};
        if (settings.habits.name.empty()) settings.habits = *habits_of("plain");
        return settings;
    }
    Response ask(const Request& request, const Peer& peer = {}) {
        return enrolment.answer(request, peer, "https://localhost:8443");
    }
    std::string enrolled(const Applicant& applicant) {  // the document
        return document_in(ask(post(service, applicant.request(right))).body);
    }

    const std::string right = Applicant::by_password("ann", "secret word");
    FixedClock clock;
    std::vector<std::string> notes;
    Result<Authority> authority = Authority::make("test CA");
    Registry registry;
    Faults faults;
    Enrolment enrolment;
};

EnrolmentSettings as(const std::string& name) {
    EnrolmentSettings made;
    made.habits = *habits_of(name);
    return made;
}

TEST(Enrolment, DiscoveryNamesItsServicesToWhoeverAsks) {
    Server server;
    EXPECT_EQ(server.ask({"GET", discovery, "HTTP/1.1", {{"Host", "EnterpriseEnrollment.any.example"}}, {}}).status,
              200);
    const auto reply = server.ask(post(discovery, Applicant::discover()));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.content_type, "application/soap+xml; charset=utf-8");
    EXPECT_THAT(reply.body, HasSubstr("<AuthPolicy>OnPremise</AuthPolicy><EnrollmentVersion>4.0</EnrollmentVersion>"));
    EXPECT_THAT(reply.body, HasSubstr("<EnrollmentServiceUrl>https://localhost:8443/EnrollmentServer/Enrollment.svc<"));
    EXPECT_THAT(reply.body,
                HasSubstr("<EnrollmentPolicyServiceUrl>https://localhost:8443/EnrollmentServer/Policy.svc"));
    EXPECT_THAT(reply.body, HasSubstr("<a:RelatesTo>urn:uuid:0d5a1441-5891-453b-becf-a2e5f6ea3749</a:RelatesTo>"));
    EXPECT_TRUE(read_xml(reply.body));
    const auto refused = server.ask(post(discovery, Applicant::discover("Federated")));
    EXPECT_EQ(refused.status, 500);
    EXPECT_THAT(refused.body, HasSubstr("no authentication that we take: OnPremise"));
}

TEST(Enrolment, DiscoveryMayNameNoPolicyService) {
    EnrolmentSettings settings;
    settings.policy_service = false;
    Server server(settings);
    EXPECT_THAT(server.ask(post(discovery, Applicant::discover())).body, Not(HasSubstr("EnrollmentPolicyServiceUrl")));
}

TEST(Enrolment, PolicySaysKeyLengthAndDigest) {
    EnrolmentSettings settings;
    settings.key_length = 4096;
    Server server(settings);
    const auto reply = server.ask(post(policy, Applicant::policies(server.right)));
    EXPECT_THAT(reply.body, HasSubstr("<minimalKeyLength>4096</minimalKeyLength>"));
    EXPECT_THAT(reply.body, HasSubstr("2.16.840.1.101.3.4.2.1"));
    EXPECT_TRUE(read_xml(reply.body));
    EXPECT_EQ(server.ask(post(policy, Applicant::policies(Applicant::by_password("ann", "wrong")))).status, 500);
    const auto refused = server.ask(post(service, laptop().request(server.right)));
    EXPECT_THAT(refused.body, HasSubstr("The key has 2048 bits, and the policy says 4096."));
    EXPECT_THAT(refused.body, HasSubstr("s:CertificateRequest"));
}

TEST(Enrolment, IssuesACertificateAndAnAccount) {
    Server server;
    const auto document = server.enrolled(laptop());
    ASSERT_TRUE(read_xml(document)) << document;
    const auto certificate = certificate_in(document);
    const auto facts = facts_of(certificate);
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->common_name, "DEV-1");
    EXPECT_TRUE(server.authority->vouches_for(certificate, server.clock.time));
    EXPECT_FALSE(server.authority->vouches_for(certificate, server.clock.time + std::chrono::hours(24 * 366)));
    EXPECT_THAT(document, HasSubstr("<characteristic type=\"System\"><characteristic type=\"" + facts->thumbprint));
    EXPECT_EQ(from_base64(parm_in(document, "EncodedCertificate")), server.authority->facts().der);
    EXPECT_EQ(parm_in(document, "ADDR"), "https://localhost:8443/ManagementServer/MDM.svc");
    EXPECT_EQ(parm_in(document, "RenewPeriod"), "60");
    EXPECT_EQ(parm_in(document, "RetryInterval"), "4");
    EXPECT_EQ(parm_in(document, "ROBOSupport"), "true");
    EXPECT_EQ(parm_in(document, "IntervalForRemainingScheduledRetries"), "1440");
    EXPECT_EQ(parm_in(document, "UPN"), "ann");

    const auto device = server.registry.find("DEV-1");
    ASSERT_TRUE(device);
    EXPECT_EQ(device->name, "ann-laptop");
    EXPECT_EQ(parm_in(document, "AAUTHNAME", 1), "DEV-1") << "APPSRV stands second";
    EXPECT_EQ(parm_in(document, "AAUTHSECRET", 1), device->secrets.client_secret);
    EXPECT_EQ(from_base64(parm_in(document, "AAUTHDATA", 1)), device->secrets.client_nonce);
    EXPECT_EQ(parm_in(document, "AAUTHSECRET", 0), device->secrets.server_secret);
    EXPECT_EQ(from_base64(parm_in(document, "AAUTHDATA", 0)), device->secrets.server_nonce);
    EXPECT_EQ(device->certificate.thumbprint, facts->thumbprint);
    for (const auto& note : server.notes) EXPECT_THAT(note, Not(HasSubstr(device->secrets.client_secret)));
}

TEST(Enrolment, UsersHaveTheirCertificateUnderUser) {
    Server server;
    auto request = laptop().request(server.right);
    request = replaced(request, "\"EnrollmentType\"><ac:Value>Device", "\"EnrollmentType\"><ac:Value>Full");
    EXPECT_THAT(document_in(server.ask(post(service, request)).body),
                HasSubstr("<characteristic type=\"My\"><characteristic type=\"User\">"));
}

TEST(Enrolment, TakesNoWrongPasswordAndNoStrangeRequest) {
    Server server;
    const struct {
        std::string request, says, subcode;
    } cases[] = {
        {laptop().request(Applicant::by_password("ann", "wrong")), "password is wrong", "s:Authentication"},
        {laptop().request(Applicant::by_password("bob", "secret word")), "password is wrong", "s:Authentication"},
        {laptop().request(""), "UsernameToken", "a:InvalidSecurity"},
        {laptop().request(server.right, laptop().pkcs10(true)), "SHA-256", "s:CertificateRequest"},
        {laptop().request(server.right, "nonsense"), "no PKCS#10", "s:CertificateRequest"},
        {replaced(laptop().request(server.right), "DEV-1", ""), "DeviceID", "s:MessageFormat"},
        {replaced(laptop().request(server.right), "200512/Issue", "200512/Recovery"), "neither", "s:EnrollmentServer"},
        {replaced(laptop().request(server.right), "</s:Body>", ""), "not well-formed", "s:MessageFormat"},
        {Applicant::discover(), "RequestSecurityToken", "s:MessageFormat"},
    };
    for (const auto& each : cases) {
        const auto reply = server.ask(post(service, each.request));
        EXPECT_EQ(reply.status, 500);
        EXPECT_THAT(reply.body, HasSubstr(each.says));
        EXPECT_THAT(reply.body, HasSubstr(each.subcode)) << each.says;
        EXPECT_TRUE(read_xml(reply.body));
    }
    EXPECT_THAT(server.registry.list(), IsEmpty());
    EXPECT_EQ(server.ask({"POST", service, "HTTP/1.1", {{"Content-Type", "text/xml"}}, "x"}).status, 415);
    EXPECT_EQ(server.ask({"GET", service, "HTTP/1.1", {}, {}}).status, 405);
    EXPECT_EQ(server.ask(post("/EnrollmentServer/Other.svc", "")).status, 404);
}

TEST(Enrolment, TakesARequestWhoseKeyIsNotTheSigners) {
    Server server;
    auto broken = laptop().pkcs10();
    broken.back() = static_cast<char>(broken.back() ^ 1);
    EXPECT_THAT(server.ask(post(service, laptop().request(server.right, broken))).body,
                HasSubstr("not signed by the key inside it"));
}

TEST(Enrolment, ALimitOfDevicesIsAFaultOfItsOwn) {
    EnrolmentSettings settings;
    settings.most_devices = 1;
    Server server(settings);
    EXPECT_THAT(server.enrolled(laptop()), Not(IsEmpty()));
    EXPECT_THAT(server.enrolled(laptop()), Not(IsEmpty())) << "it is the same device";
    EXPECT_THAT(server.ask(post(service, other().request(server.right))).body,
                HasSubstr("<ErrorType>DeviceCapReached</ErrorType>"));
    server.registry.left("DEV-1", server.clock.time);
    EXPECT_THAT(server.enrolled(other()), Not(IsEmpty()));
}

TEST(Enrolment, FederatedTokensAreGoodForOneEnrolment) {
    EnrolmentSettings settings;
    settings.policy = AuthPolicy::federated;
    Server server(settings);
    const auto found = server.ask(post(discovery, Applicant::discover("Federated"))).body;
    EXPECT_THAT(found, HasSubstr("<AuthenticationServiceUrl>https://localhost:8443/auth</AuthenticationServiceUrl>"));

    const std::string query = "?appru=ms-app%3A%2F%2FS-1-15&login_hint=ann%40corp";
    const auto form = server.ask({"GET", "/auth" + query, "HTTP/1.1", {}, {}});
    EXPECT_THAT(form.body, HasSubstr("value=\"ann@corp\""));
    EXPECT_THAT(form.body, Not(HasSubstr("wresult")));
    const auto wrong = server.ask({"POST", "/auth", "HTTP/1.1", {}, "appru=ms-app%3A%2F%2FS&user=ann&password=x"});
    EXPECT_EQ(wrong.status, 401);
    const auto page =
        server.ask({"POST", "/auth", "HTTP/1.1", {}, "appru=ms-app%3A%2F%2FS&user=ann&password=secret+word"});
    EXPECT_THAT(page.body, HasSubstr("<form method=\"post\" action=\"ms-app://S\">"));
    const auto token = between(page.body, "name=\"wresult\" value=\"", "\"");
    ASSERT_FALSE(token.empty());

    const auto proof = Applicant::by_token(token);
    EXPECT_EQ(server.ask(post(policy, Applicant::policies(proof))).status, 200);
    EXPECT_EQ(server.ask(post(service, laptop().request(proof))).status, 200);
    EXPECT_THAT(server.ask(post(service, laptop().request(proof))).body, HasSubstr("was used before"));
    EXPECT_THAT(server.ask(post(service, laptop().request(Applicant::by_token("made up")))).body,
                HasSubstr("s:Authentication"));
    EXPECT_EQ(server.registry.find("DEV-1")->user, "ann");
}

TEST(Enrolment, FederatedTokensGrowOld) {
    EnrolmentSettings settings;
    settings.policy = AuthPolicy::federated;
    Server server(settings);
    const auto moved = server.ask({"POST",
                                   "/auth",
                                   "HTTP/1.1",
                                   {},
                                   "appru=https%3A%2F%2Flocalhost%2Fback&how=redirect&user=ann&password=secret+word"});
    EXPECT_EQ(moved.status, 302);
    const auto token = between(moved.headers.back().second + '\n', "https://localhost/back?wresult=", "\n");
    ASSERT_FALSE(token.empty());
    server.clock.time += std::chrono::minutes(16);
    EXPECT_EQ(server.ask(post(service, laptop().request(Applicant::by_token(token)))).status, 500);
    EXPECT_EQ(server.ask({"GET", "/auth?appru=javascript:alert(1)", "HTTP/1.1", {}, {}}).status, 400);
    EXPECT_EQ(server.ask({"GET", "/auth", "HTTP/1.1", {}, {}}).status, 400);
}

TEST(Enrolment, ACertificateAndASignatureProveThePerson) {
    EnrolmentSettings settings;
    settings.policy = AuthPolicy::certificate;
    Server server(settings);
    const auto person = server.authority->client("ann@corp.example");
    const auto right = laptop().signed_request(*person);
    EXPECT_EQ(server.ask(post(service, right)).status, 200);
    EXPECT_EQ(server.registry.find("DEV-1")->user, "ann@corp.example");

    EXPECT_THAT(server.ask(post(service, replaced(right, "ann-laptop", "bob-laptop"))).body,
                HasSubstr("not that of the message"));
    const auto stranger = Authority::make("another CA");
    EXPECT_THAT(server.ask(post(service, laptop().signed_request(*stranger->client("ann")))).body,
                HasSubstr("not accepted"));
    const Identity mixed{person->certificate, server.authority->client("bob")->key};
    EXPECT_THAT(server.ask(post(service, laptop().signed_request(mixed))).body, HasSubstr("not made with the key"));
    EXPECT_THAT(server.ask(post(service, laptop().request(""))).body, HasSubstr("a certificate and a signature"));
}

TEST(Enrolment, RenewsWithBothEncodingsAndTheOldCertificateInTls) {
    Server server;
    const auto first = certificate_in(server.enrolled(laptop()));
    const auto old = laptop().identity(first);
    const Applicant again("DEV-1");
    for (const bool twice : {false, true}) {
        const auto reply = server.ask(post(service, again.renewal(old, twice)), {first, {}});
        ASSERT_EQ(reply.status, 200) << reply.body;
        const auto document = document_in(reply.body);
        EXPECT_THAT(document, Not(HasSubstr("\"Root\"")));
        EXPECT_THAT(document, HasSubstr("<parm name=\"PROVIDER-ID\" value=\"TestServer\"/>"));
        EXPECT_NE(certificate_in(document), first);
        EXPECT_EQ(facts_of(certificate_in(document))->common_name, "DEV-1");
        EXPECT_EQ(facts_of(certificate_in(document))->thumbprint,
                  server.registry.find("DEV-1")->certificate.thumbprint);
        server.registry.renew("DEV-1", *facts_of(first));  // so that the second encoding starts from there too
    }
}

TEST(Enrolment, RenewsForNobodyElse) {
    Server server;
    const auto first = certificate_in(server.enrolled(laptop()));
    const auto second = certificate_in(server.enrolled(other()));
    const auto old = laptop().identity(first);
    const auto renewal = laptop().renewal(old);
    EXPECT_THAT(server.ask(post(service, renewal)).body, HasSubstr("needs TLS with the certificate"));
    EXPECT_THAT(server.ask(post(service, renewal), {second, {}}).body, HasSubstr("two different certificates"));
    EXPECT_THAT(server.ask(post(service, other().renewal(old)), {first, {}}).body,
                HasSubstr("belongs to another device"));
    const auto stranger = Authority::make("another CA")->issue(laptop().pkcs10(), {"DEV-1", {}, false});
    EXPECT_THAT(server.ask(post(service, laptop().renewal(laptop().identity(stranger->der))), {stranger->der, {}}).body,
                HasSubstr("not accepted"));
    const auto own = server.authority->issue(laptop().pkcs10(), {"DEV-1", {}, false});
    EXPECT_THAT(server.ask(post(service, laptop().renewal(laptop().identity(own->der))), {own->der, {}}).body,
                HasSubstr("NotEligibleToRenew"));
    server.clock.time += std::chrono::hours(24 * 366);
    EXPECT_THAT(server.ask(post(service, renewal), {first, {}}).body, HasSubstr("certificate has expired"));
    server.clock.time -= std::chrono::hours(24 * 366);
    server.registry.left("DEV-1", server.clock.time);
    EXPECT_THAT(server.ask(post(service, renewal), {first, {}}).body, HasSubstr("NotEligibleToRenew"));
}

TEST(Enrolment, AnsweredAsEachServerWouldDoIt) {
    for (const auto& name : habit_names()) {
        Server server(as(name));
        EXPECT_EQ(server.ask(post(discovery, Applicant::discover())).status, 200) << name;
        EXPECT_EQ(server.ask(post(policy, Applicant::policies(server.right))).status, 200) << name;
        EXPECT_THAT(certificate_in(server.enrolled(laptop())), Not(IsEmpty())) << name << ": " << server.notes.back();
    }
    Server fleet(as("fleet"));
    const auto fault = fleet.ask(post(service, laptop().request(Applicant::by_password("ann", "x"))));
    EXPECT_EQ(fault.status, 200);
    EXPECT_THAT(fault.body, HasSubstr("<s:fault><s:code><s:value>"));
    const auto fleets = fleet.enrolled(laptop());
    EXPECT_EQ(parm_in(fleets, "PROVIDER-ID"), "Fleet");
    EXPECT_EQ(parm_in(fleets, "AAUTHDATA", 1), "nonce");
    EXPECT_EQ(parm_in(fleets, "RenewPeriod"), "365");
    EXPECT_EQ(parm_in(fleets, "IntervalForFirstSetOfRetries"), "1");
    EXPECT_EQ(fleet.registry.find("DEV-1")->secrets.client_nonce, "nonce");

    Server wso2(as("wso2"));
    const auto answer = wso2.ask(post(service, laptop().request(wso2.right))).body;
    EXPECT_THAT(answer, HasSubstr("http://schemas.xmlsoap.org/soap/envelope/"));
    EXPECT_THAT(answer, HasSubstr("\r\n"));
    EXPECT_THAT(wso2.ask(post(discovery, Applicant::discover())).body, HasSubstr("/2003/05/soap-envelope"));
    EXPECT_THAT(document_in(answer), HasSubstr("<parm name=\"BACKCOMPATRETRYDISABLED\"/>"));
    EXPECT_EQ(wso2.registry.find("DEV-1")->secrets.client_nonce, "dummy");

    Server oscar(as("oscar"));
    EXPECT_FALSE(read_xml(oscar.ask(post(policy, Applicant::policies(oscar.right))).body));
    EXPECT_THAT(oscar.enrolled(laptop()), HasSubstr("value=\"Oscars MDM\""));

    Server literal(as("literal"));
    const auto literals = literal.enrolled(laptop());
    EXPECT_THAT(literals, HasSubstr("</characteristic></characteristic></characteristic></characteristic>"
                                    "<characteristic type=\"CertificateStore\"><characteristic type=\"My\">"));
    EXPECT_THAT(literals, HasSubstr("<characteristic type=\"Root\"></characteristic>"));
    EXPECT_THAT(literals, Not(HasSubstr("datatype")));
    EXPECT_THAT(literals, HasSubstr("</characteristic><characteristic type=\"PrivateKeyContainer\">"));

    Server mattrax(as("mattrax"));
    const auto document = mattrax.enrolled(laptop());
    EXPECT_THAT(document, HasSubstr("Subject=CN%3DDEV-1&amp;Stores=My%5CSystem"));
    constexpr char version_field[] = "\xA0\x03\x02\x01\x02";  // [0] 2, which a certificate of version 1 lacks
    EXPECT_THAT(certificate_in(document).substr(0, 16), Not(HasSubstr(version_field)));
    EXPECT_THAT(certificate_in(fleets).substr(0, 16), HasSubstr(version_field));
}

}  // namespace
}  // namespace steward::server

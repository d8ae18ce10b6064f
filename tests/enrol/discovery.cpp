// Finding the services of a domain, and what they want.
#include "agent/enrol/discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/enrol/link.h"
#include "agent/enrol/policy.h"
#include "platform/keystore.h"
#include "tests/enrol/script.h"
#include "tests/support/temporary_directory.h"

namespace steward::enrol {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* first = "https://enterpriseenrollment.corp.example/EnrollmentServer/Discovery.svc";

struct EnrolDiscovery : testing::Test {
    test::Server server;
    std::vector<std::string> hops;
    std::vector<std::string> redirects;  // GET answers, one after the other
    std::string answer = test::discovered("OnPremise");

    EnrolDiscovery() {
        server.answer = [this](const test::Server::Seen& seen) -> Result<transport::Reply> {
            if (!seen.get) return test::reply(200, answer);
            auto reply = test::reply(200, "");
            if (!redirects.empty()) {
                reply.status = 302;
                reply.location = redirects.front();
                redirects.erase(redirects.begin());
            }
            return reply;
        };
    }
    Result<Discovered> run(const std::string& url = first) {
        test::Line line(server, {});
        return discover(line, url, "ann@corp.example", {}, false,
                        [this](const std::string& hop) { hops.push_back(hop); });
    }
};

TEST_F(EnrolDiscovery, ENR_01_GetThenPostAtTheAddressOfTheDomain) {
    EXPECT_EQ(*discovery_url("ann@Corp.Example"), first);
    const auto found = run();
    ASSERT_TRUE(found) << found.error().what;
    EXPECT_EQ(found->policy, AuthPolicy::on_premise);
    EXPECT_EQ(found->service_url, "https://mdm.example/enroll");
    EXPECT_EQ(found->policy_url, "https://mdm.example/policy");
    ASSERT_EQ(server.seen.size(), 2u);
    EXPECT_TRUE(server.seen[0].get);
    EXPECT_FALSE(server.seen[1].get);
    EXPECT_EQ(server.seen[1].request.content_type, "application/soap+xml; charset=utf-8");
    for (const auto& seen : server.seen) {
        EXPECT_EQ(seen.request.url, first);
        EXPECT_EQ(seen.request.headers.front(), (std::pair<std::string, std::string>("User-Agent", "ENROLLClient")));
    }
    const std::vector<std::pair<std::string, std::string>> get = {
        {"User-Agent", "ENROLLClient"}, {"Cache-Control", "no-cache"}, {"Pragma", "no-cache"}};
    EXPECT_EQ(server.seen[0].request.headers, get);
}

TEST_F(EnrolDiscovery, ENR_01_UsersWithoutADomainAreToldToNameTheServer) {
    for (const char* user : {"ann", "@corp.example", "ann@", "ann@corp", "corp\\ann", "ann@co rp.example",
                             "ann@evil.example/x", "ann@.example", "ann@a..b", "ann@corp.example:99"}) {
        const auto url = discovery_url(user);
        ASSERT_FALSE(url) << user;
        EXPECT_THAT(url.error().what, HasSubstr("--url"));
    }
}

TEST_F(EnrolDiscovery, ENR_01_ThreeRedirectsAreFollowedAndNoFourth) {
    redirects = {"https://a.example/1", "/2", "https://c.example/3"};
    ASSERT_TRUE(run());
    EXPECT_EQ(hops,
              (std::vector<std::string>{first, "https://a.example/1", "https://a.example/2", "https://c.example/3"}));
    EXPECT_EQ(server.seen.back().request.url, "https://c.example/3");
    EXPECT_THAT(server.seen.back().request.body, HasSubstr(">https://c.example/3</a:To>"));
    redirects = {"https://a.example/1", "https://a.example/2", "https://a.example/3", "https://a.example/4"};
    const auto refused = run();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().evidence, StartsWith("0x8018001A"));
}

TEST_F(EnrolDiscovery, ENR_01_ARedirectOutOfHttpsIsRefused) {
    for (const char* target :
         {"http://a.example/", "ftp://a.example/", "//a.example/x", "x", "javascript:1", "http://127.0.0.1/"}) {
        redirects = {target};
        const auto refused = run();
        ASSERT_FALSE(refused) << target;
        EXPECT_THAT(refused.error().evidence, StartsWith("0x8018001A")) << target;
    }
    EXPECT_FALSE(run("http://mdm.example/EnrollmentServer/Discovery.svc"));
    for (const auto& seen : server.seen) EXPECT_TRUE(seen.get) << "nothing was posted";
}

TEST_F(EnrolDiscovery, ENR_01_AGetThatFindsNothingIsNoReasonToStop) {
    server.answer = [this](const test::Server::Seen& seen) -> Result<transport::Reply> {
        return seen.get ? test::reply(404, "") : test::reply(200, answer);
    };
    EXPECT_TRUE(run());
}

TEST_F(EnrolDiscovery, ENR_02_EachPolicyIsUnderstoodAndNoOther) {
    answer =
        test::discovered("Federated", "<AuthenticationServiceUrl>https://login.example/</AuthenticationServiceUrl>");
    const auto federated = run();
    ASSERT_TRUE(federated) << federated.error().what;
    EXPECT_EQ(federated->policy, AuthPolicy::federated);
    EXPECT_EQ(federated->sign_in_url, "https://login.example/");
    answer = test::discovered("Certificate");
    EXPECT_EQ(run()->policy, AuthPolicy::certificate);
    answer = test::discovered("Federated");
    EXPECT_FALSE(run()) << "without a page";
    answer = test::discovered("Magic");
    EXPECT_FALSE(run());
}

TEST_F(EnrolDiscovery, UnsafeServicesAreRefused) {
    for (const char* url : {"http://mdm.example/enroll", "", "file:///etc/passwd", "https://u:p@mdm.example/"}) {
        answer = test::soap(
            "<DiscoverResponse><DiscoverResult><AuthPolicy>OnPremise</AuthPolicy>"
            "<EnrollmentServiceUrl>" +
            std::string(url) + "</EnrollmentServiceUrl></DiscoverResult></DiscoverResponse>");
        EXPECT_FALSE(run()) << url;
    }
}

TEST_F(EnrolDiscovery, ENR_01_ToleratesBlanksCommentsAndTheSlashOfTheSamples) {
    answer =
        "\n<?xml version=\"1.0\" encoding=\"utf-16\"?>\n<s:Envelope "
        "xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">\n"
        "<s:Header/><s:Body><!-- x -->\n<DiscoverResponse "
        "xmlns=\"http://schemas.microsoft.com/windows/management/2012/01/enrollment/\"><DiscoverResult>\n"
        "<AuthPolicy>\n OnPremise </AuthPolicy><Surprise/><EnrollmentServiceUrl>\n  https://mdm.example/e\n"
        "</EnrollmentServiceUrl></DiscoverResult></DiscoverResponse></s:Body></s:Envelope>\n";
    const auto found = run();
    ASSERT_TRUE(found) << found.error().what << found.error().evidence;
    EXPECT_EQ(found->service_url, "https://mdm.example/e");
    EXPECT_EQ(found->policy_url, "");
}

struct EnrolPolicy : testing::Test {
    steward::test::TemporaryDirectory state;
    const std::unique_ptr<platform::Keystore> store = platform::keystore_in(state.path());
    platform::Keystore& keys = *store;

    Result<KeyPolicy> run(int status, const std::string& body) {
        test::Server server;
        server.answer = [&](const test::Server::Seen&) { return Result<transport::Reply>(test::reply(status, body)); };
        test::Line line(server, {});
        return get_policies(line, "https://mdm.example/policy", {}, keys, {});
    }
    static std::string policies(const std::string& attributes, const std::string& oids = {}) {
        return test::soap(
            "<GetPoliciesResponse xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><response>"
            "<policies><policy><policyOIDReference>0</policyOIDReference><attributes>"
            "<policySchema>3</policySchema>" +
            attributes + "</attributes></policy></policies></response><oIDs>" + oids + "</oIDs></GetPoliciesResponse>");
    }
    static std::string length(const std::string& bits) {
        return "<privateKeyAttributes><minimalKeyLength>" + bits + "</minimalKeyLength></privateKeyAttributes>";
    }
    static std::string oid(const std::string& value) {
        return "<oID><value>" + value + "</value><group>3</group><oIDReferenceID>7</oIDReferenceID></oID>";
    }
};

TEST_F(EnrolPolicy, ENR_03_KeyLengthsAreFollowedWithinReason) {
    EXPECT_EQ(run(200, policies(length("2048")))->bits, 2048);
    EXPECT_EQ(run(200, policies(length("4096")))->bits, 4096);
    EXPECT_EQ(run(200, policies(length("1024")))->bits, 2048) << "never weaker";
    EXPECT_EQ(run(200, policies(length("many")))->bits, 2048);
    EXPECT_EQ(run(200, policies(length("65536"))).error().fault, Fault::unsupported);
    EXPECT_EQ(run(200, policies(""))->bits, 2048);
    EXPECT_FALSE(run(200, test::soap(""))->stated);
}

TEST_F(EnrolPolicy, ENR_03_AlgorithmsAreLookedUpAndSha1IsNotFollowed) {
    const std::string reference = "<algorithmOIDReference>7</algorithmOIDReference>";
    EXPECT_TRUE(run(200, policies(reference, oid("1.2.840.113549.1.1.1"))));
    EXPECT_EQ(run(200, policies(reference, oid("1.2.840.10045.2.1"))).error().fault, Fault::unsupported);
    EXPECT_TRUE(run(200, policies(reference, ""))) << "a dangling reference says nothing";
    const auto old =
        run(200, policies("<hashAlgorithmOIDReference>7</hashAlgorithmOIDReference>", oid("1.3.14.3.2.29")));
    EXPECT_EQ(old->hash, "2.16.840.1.101.3.4.2.1");
}

TEST_F(EnrolPolicy, ENR_03_AnIllFormedAnswerMeansTheDefault) {
    const auto policy = run(200, policies("<algorithmOIDReferencexsi:nil=\"true\"/>" + length("4096")));
    ASSERT_TRUE(policy) << policy.error().what;
    EXPECT_EQ(policy->bits, 2048);
    EXPECT_FALSE(policy->stated);
    EXPECT_FALSE(run(500, test::fault("s:Authentication", "no"))) << "a fault stays one";
    EXPECT_FALSE(run(404, ""));
}

TEST(EnrolLink, SaysWhomToAsk) {
    const auto link = read_link(
        "ms-device-enrollment:?mode=mdm&username=ann%2Bx%40corp.example&servername=https%3A%2F%2Fmdm.example%2Fd&"
        "accesstoken=t%20k&deviceidentifier=d&tenantidentifier=t&ownership=3&more=1");
    ASSERT_TRUE(link) << link.error().what;
    EXPECT_EQ(link->user, "ann+x@corp.example");
    EXPECT_EQ(link->server, "https://mdm.example/d");
    EXPECT_EQ(link->token, "t k");
    EXPECT_EQ(link->device, "d");
    EXPECT_EQ(link->tenant, "t");
    EXPECT_EQ(link->ownership, Link::Ownership::corporate);
    EXPECT_EQ(read_link("MS-Device-Enrollment:?servername=mdm.example")->server, "https://mdm.example");
    EXPECT_EQ(read_link("ms-device-enrollment:?username=a%2540b")->user, "a%40b") << "decoded once";
}

TEST(EnrolLink, WhatIsUnsafeIsRefused) {
    EXPECT_EQ(read_link("https://x.example").error().fault, Fault::malformed);
    EXPECT_EQ(read_link("ms-device-enrollment:?mode=awa&username=a@b.c").error().fault, Fault::unsupported);
    EXPECT_EQ(read_link("ms-device-enrollment:?mode=mdm").error().fault, Fault::invalid);
    EXPECT_EQ(read_link("ms-device-enrollment:?username=a%0Ab").error().fault, Fault::malformed);
    EXPECT_EQ(read_link("ms-device-enrollment:?username=a%4").error().fault, Fault::malformed);
    EXPECT_EQ(read_link("ms-device-enrollment:?username=a%zz").error().fault, Fault::malformed);
    EXPECT_FALSE(read_link("ms-device-enrollment:?servername=http://mdm.example"));
    EXPECT_EQ(read_link("ms-device-enrollment:?username=" + std::string(20'000, 'a')).error().fault, Fault::malformed);
}

}  // namespace
}  // namespace steward::enrol

#include "agent/transport/curl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <regex>

#include "agent/transport/windows.h"
#include "platform/base/certificate.h"
#include "tests/support/temporary_directory.h"
#include "tests/transport/loopback.h"

namespace steward::transport {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string answer(const std::string& body, const std::string& headers = {}, const std::string& status = "200 OK") {
    return "HTTP/1.1 " + status + "\r\nContent-Type: application/vnd.syncml.dm+xml; charset=utf-8\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// printf '<SyncML/>' | gzip -n
std::string packed() {
    return std::string(
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xb3\x09\xae\xcc\x4b\xf6\xf5\xd1\xb7\x03\x00\x80\xf4\xba\xa3\x09\x00"
        "\x00"
        "\x00",
        29);
}

// A directory for PEM files and one authority per test program: making keys costs more than all else.
class Curl : public ::testing::Test {
  protected:
    Curl() { trust_.ca_file = file("ca.pem", authority().certificate()); }

    static const server::Authority& authority() {
        static const auto made = server::Authority::make("Steward test authority");
        return *made;
    }
    static server::Identity issue(const std::vector<std::string>& names = {"127.0.0.1", "localhost"},
                                  const server::Validity& validity = {}) {
        return *authority().server(names, validity);
    }
    std::string file(const std::string& name, const std::string& content) const {
        folder_.write(name, content);
        return folder_.below(name).string();
    }
    Result<Reply> post(const std::string& url, Limits limits = {}) const {
        return CurlExchange(trust_, limits).post({url, "application/vnd.syncml.dm+xml", "<SyncML/>", {}});
    }

    test::TemporaryDirectory folder_;
    Trust trust_;
};

TEST_F(Curl, HTP_01_PostsOneLengthDelimitedRequestAndReadsTheAnswer) {
    Loopback server({{answer("<SyncML/>", "x-syncml-hmac: algorithm=MD5, mac=abc\r\nRetry-After: 7\r\n")}},
                    Disguise{issue()});
    CurlExchange exchange(trust_);
    auto headers = windows_headers("", "base", 0);
    headers.emplace_back("x-syncml-hmac", "algorithm=MD5, username=\"a\", mac=def");
    headers.emplace_back("DeviceToken", "");
    const auto reply = exchange.post(
        {session_url(server.url(), true), "application/vnd.syncml.dm+xml", std::string(3u << 20, 'x'), headers});
    ASSERT_TRUE(reply) << reply.error().what << reply.error().evidence;
    EXPECT_EQ(reply->status, 200);
    EXPECT_EQ(reply->content_type, "application/vnd.syncml.dm+xml; charset=utf-8");
    EXPECT_EQ(reply->body, "<SyncML/>");
    EXPECT_EQ(reply->hmac, "algorithm=MD5, mac=abc");
    EXPECT_EQ(reply->retry_after, std::chrono::seconds(7));
    EXPECT_FALSE(reply->truncated);

    ASSERT_EQ(server.requests().size(), 1u);
    const auto sent = server.requests()[0].substr(0, server.requests()[0].find("\r\n\r\n") + 2);
    EXPECT_THAT(
        sent,
        AllOf(HasSubstr("POST /dm?mode=Maintenance&Platform=WoA HTTP/1.1\r\n"),
              HasSubstr("Content-Length: 3145728\r\n"), HasSubstr("Content-Type: application/vnd.syncml.dm+xml\r\n"),
              HasSubstr("User-Agent: MSFT OMA DM Client/1.2.0.1\r\n"), HasSubstr("Accept-Charset: UTF-8\r\n"),
              HasSubstr("MS-CV: base.0\r\n"), HasSubstr("x-syncml-hmac: algorithm=MD5, username=\"a\", mac=def\r\n"),
              HasSubstr("DeviceToken:\r\n")));
    EXPECT_THAT(sent, AllOf(Not(HasSubstr("Expect:")), Not(HasSubstr("Transfer-Encoding")), Not(HasSubstr("Upgrade"))));
}

TEST_F(Curl, HTP_01_EmptyAnswerIsAReply) {
    Loopback server({{answer("")}});
    const auto reply = post(server.url());
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->status, 200);
    EXPECT_EQ(reply->body, "");
}

TEST_F(Curl, HTP_01_GzipAnswerIsUnpacked) {
    Loopback server({{answer(packed(), "Content-Encoding: gzip\r\n")}});
    const auto reply = post(server.url());
    ASSERT_TRUE(reply) << reply.error().what << reply.error().evidence;
    EXPECT_EQ(reply->body, "<SyncML/>");
}

TEST_F(Curl, HTP_02_EveryStatusIsAReplyAndNoRedirectIsFollowed) {
    Loopback elsewhere({{answer("never")}});
    for (const std::string status : {"302 Found", "307 Temporary Redirect", "401 Unauthorized", "500 Oops"}) {
        Loopback server({{answer("no", "Location: " + elsewhere.url() + "\r\n", status)}});
        const auto reply = post(server.url());
        ASSERT_TRUE(reply) << reply.error().what;
        EXPECT_EQ(std::to_string(reply->status), status.substr(0, 3));
        EXPECT_EQ(reply->body, "no");
    }
    EXPECT_EQ(elsewhere.connections(), 0);
}

TEST_F(Curl, HTP_02_ShortBodyIsHandedOverAndMarked) {
    const std::string cut = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<SyncML/>";
    Loopback plain({{cut}});
    Loopback encrypted({{cut}}, Disguise{issue()});
    for (const auto* server : {&plain, &encrypted}) {
        const auto reply = post(server->url());
        ASSERT_TRUE(reply) << reply.error().what;
        EXPECT_EQ(reply->body, "<SyncML/>");
        EXPECT_TRUE(reply->truncated);
    }
}

TEST_F(Curl, HTP_02_NoAnswerAtAllIsAnError) {
    Loopback server({{""}});
    const auto reply = post(server.url());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::io);
    EXPECT_THAT(reply.error().what, HasSubstr("without an answer"));
}

TEST_F(Curl, AnswerAboveTheCapIsDropped) {
    Limits limits;
    limits.reply = 100;
    Loopback exact({{answer(std::string(100, 'x'))}});
    const auto fits = post(exact.url(), limits);
    ASSERT_TRUE(fits) << fits.error().what;
    EXPECT_EQ(fits->body.size(), 100u);

    Loopback above({{answer(std::string(101, 'x'))}});
    const auto reply = post(above.url(), limits);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::too_large);
}

TEST_F(Curl, CapCountsWhatACompressedAnswerGrowsTo) {
    Limits limits;
    limits.reply = 8;
    Loopback server({{answer(packed(), "Content-Encoding: gzip\r\n")}});
    const auto reply = post(server.url(), limits);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::too_large);
}

TEST_F(Curl, ServerThatNeverAnswersTimesOut) {
    Loopback server({{{}, true, true}});
    Limits limits;
    limits.total = std::chrono::milliseconds(200);
    const auto reply = post(server.url(), limits);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::timeout);
}

TEST_F(Curl, OneConnectionServesAWholeSession) {
    Loopback server({{answer("1"), false}, {answer("2"), false}, {answer("3")}}, Disguise{issue()});
    CurlExchange exchange(trust_);
    for (const std::string expected : {"1", "2", "3"}) {
        const auto reply = exchange.post({server.url(), "text/xml", "<SyncML/>", {}});
        ASSERT_TRUE(reply) << reply.error().what;
        EXPECT_EQ(reply->body, expected);
    }
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(Curl, NothingListensThere) {
    std::string url;
    {
        const Loopback gone({});
        url = gone.url();
    }
    const auto reply = post(url);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::io);
    EXPECT_THAT(reply.error().what, HasSubstr("nothing accepts it there"));
}

TEST_F(Curl, AProxyThatIsNotThereIsNotTakenForTheServer) {
    trust_.proxy = "http://127.0.0.1:1";
    const auto reply = post("https://mdm.example:8443/dm");
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::io);
    EXPECT_THAT(reply.error().what, HasSubstr("No connection to the proxy through which mdm.example is to be"));
}

TEST_F(Curl, ProxyIsAskedToTunnel) {
    Loopback proxy({{"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"}});
    trust_.proxy = proxy.url();
    const auto reply = post("https://mdm.example:8443/dm");
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::io);
    ASSERT_EQ(proxy.requests().size(), 1u);
    EXPECT_THAT(proxy.requests()[0], HasSubstr("CONNECT mdm.example:8443 HTTP/1.1\r\n"));
}

TEST_F(Curl, LineBreakInAHeaderIsRefused) {
    const auto reply = CurlExchange({}).post({"https://mdm.example/", "text/xml", "", {{"X", "a\r\nY: b"}}});
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::malformed);
}

TEST(AcceptableUrl, HttpsOrThisMachine) {
    for (const char* good : {"https://mdm.example/dm", "HTTPS://MDM.example", "https://10.0.0.1:8443/x?y=z",
                             "http://localhost:8080/", "http://127.0.0.1/", "http://127.8.9.10/", "http://[::1]:80/"}) {
        EXPECT_TRUE(acceptable_url(good)) << good;
    }
    for (const char* bad :
         {"http://mdm.example/", "http://127.0.0.1.mdm.example/", "http://127.mdm.example.1/",
          "http://localhost.mdm.example/", "http://10.0.0.1/", "ftp://localhost/", "file:///etc/passwd", "mdm.example",
          "https://", "", "https://user:secret@mdm.example/", "https://a b/", "http://[::2]/", "gopher://127.0.0.1/"}) {
        const auto outcome = acceptable_url(bad);
        ASSERT_FALSE(outcome) << bad;
        EXPECT_EQ(outcome.error().fault, Fault::malformed);
    }
}

class Trusting : public Curl {
  protected:
    // What is said when the server plays this.
    Error refusal(Disguise tls, const std::string& host = "127.0.0.1") const {
        const Loopback server({{answer("never")}}, std::move(tls));
        const auto reply = post(server.url(host));
        EXPECT_TRUE(server.requests().empty()) << "a request was sent to an untrusted server";
        if (reply) return {};
        EXPECT_EQ(reply.error().fault, Fault::denied);
        return reply.error();
    }
};

TEST_F(Trusting, AUT_11_UnknownAuthority) {
    const auto error = refusal({*server::Authority::make("Somebody else")->server({"127.0.0.1"})});
    EXPECT_THAT(error.what, AllOf(HasSubstr("is not trusted"), HasSubstr(trust_.ca_file), HasSubstr("Somebody else")));
    // Not by GoogleTest, which knows little of regular expressions on Windows.
    EXPECT_TRUE(std::regex_search(error.what, std::regex("[0-9A-F]{2}(:[0-9A-F]{2}){31}"))) << error.what;
    EXPECT_THAT(error.evidence, HasSubstr("CN = 127.0.0.1"));
}

TEST_F(Trusting, AUT_11_SystemStoreDoesNotKnowTheTestAuthority) {
    trust_.ca_file.clear();
    EXPECT_THAT(refusal({issue()}).what, HasSubstr("the system's store"));
}

TEST_F(Trusting, AUT_11_ExpiredCertificate) {
    const auto error = refusal({issue({"127.0.0.1"}, {-9, -8})});
    EXPECT_THAT(error.what,
                AllOf(HasSubstr("expired on 2"), HasSubstr("must renew the certificate, else set the clock")));
}

TEST_F(Trusting, AUT_11_ClockIsWrong) {
    const auto error = refusal({issue({"127.0.0.1"}, {8, 9})});
    EXPECT_THAT(error.what, AllOf(HasSubstr("valid only from 2"), HasSubstr("set the clock")));
}

TEST_F(Trusting, TheCertificateOfTheChainThatEndsFirstIsTold) {
    const auto identity = issue({"127.0.0.1"}, {-1, 1});
    Loopback server({{answer("ok")}}, Disguise{identity});
    const auto reply = post(server.url());
    ASSERT_TRUE(reply) << reply.error().what;
    ASSERT_TRUE(reply->chain_end);
    const auto certificate = read_certificate(identity.certificate);
    EXPECT_EQ(reply->chain_end->subject, certificate->subject);
    EXPECT_EQ(reply->chain_end->not_before, certificate->not_before);
    EXPECT_EQ(reply->chain_end->not_after, certificate->not_after);
}

TEST_F(Trusting, AUT_11_NameMismatch) {
    const auto error = refusal({issue({"mdm.example", "10.1.2.3", "fe80::1"})}, "localhost");
    EXPECT_THAT(error.what, HasSubstr("is for mdm.example, 10.1.2.3, fe80:0:0:0:0:0:0:1 and so does not prove that "
                                      "this is localhost"));
}

TEST_F(Trusting, AUT_11_OldProtocolIsNoOption) {
    EXPECT_THAT(refusal({issue(), "", TLS1_1_VERSION}).what, HasSubstr("does not offer TLS 1.2 or newer"));
}

TEST_F(Trusting, AUT_11_SomethingElseOnTheTlsPort) {
    Loopback server({{"220 mail.example ESMTP ready\r\n", true, false, true}});
    const auto reply = post(server.url().replace(0, 4, "https"));
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::denied);
    EXPECT_THAT(reply.error().what, HasSubstr("does not speak TLS"));
}

TEST_F(Trusting, AUT_11_EverySupportedProtocolWorks) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        Loopback server({{answer("ok")}}, Disguise{issue(), "", version});
        const auto reply = post(server.url());
        ASSERT_TRUE(reply) << reply.error().what;
        EXPECT_EQ(reply->body, "ok");
    }
}

TEST_F(Trusting, AUT_10_ClientCertificateIsOffered) {
    const auto devices = server::Authority::make("Device authority");
    const auto device = *devices->client("device 7");
    trust_.certificate_file = file("device.pem", device.certificate);
    trust_.key_file = file("device.key", device.key);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        Loopback server({{answer("ok")}}, Disguise{issue(), devices->certificate(), version});
        const auto reply = post(server.url());
        ASSERT_TRUE(reply) << reply.error().what << reply.error().evidence;
        EXPECT_EQ(reply->body, "ok");
    }
}

TEST_F(Trusting, AUT_10_MissingAndRefusedClientCertificatesAreTold) {
    const auto devices = server::Authority::make("Device authority");
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        EXPECT_THAT(refusal({issue(), devices->certificate(), version}).what,
                    HasSubstr("asks for a client certificate and this account has none"));
    }
    const auto stranger = *authority().client("stranger");
    trust_.certificate_file = file("stranger.pem", stranger.certificate + stranger.key);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        EXPECT_THAT(refusal({issue(), devices->certificate(), version}).what,
                    AllOf(HasSubstr("refused our client certificate"), HasSubstr("stranger.pem")));
    }
}

TEST_F(Trusting, FilesThatCannotBeUsedAreNamed) {
    Loopback server({{answer("never")}}, Disguise{issue()});
    Trust trust = trust_;
    trust.ca_file = folder_.below("missing.pem").string();
    auto reply = CurlExchange(trust).post({server.url(), "text/xml", "", {}});
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::not_found);
    EXPECT_THAT(reply.error().what, HasSubstr("missing.pem"));

    trust = trust_;
    trust.certificate_file = file("broken.pem", "no certificate");
    reply = CurlExchange(trust).post({server.url(), "text/xml", "", {}});
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::not_found);
    EXPECT_THAT(reply.error().what, HasSubstr("broken.pem"));
}

TEST_F(Curl, ENR_01_GetHasNoBodyAndARedirectIsAnAnswerWithItsTarget) {
    Loopback server({{"HTTP/1.1 302 Found\r\nLocation: https://b.example/x\r\nContent-Length: 0\r\n\r\n"}},
                    Disguise{issue()});
    Request request;
    request.url = server.url();
    request.headers = {{"User-Agent", "ENROLLClient"}};
    const auto reply = CurlExchange(trust_).get(request);
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->status, 302);
    EXPECT_EQ(reply->location, "https://b.example/x");
    EXPECT_THAT(server.requests()[0], AllOf(HasSubstr("GET /dm HTTP/1.1\r\n"),
                                            HasSubstr("User-Agent: ENROLLClient\r\n"), Not(HasSubstr("Content-"))));
}

TEST_F(Trusting, ENR_01_APinnedKeyIsAskedForOnTopOfATrustedChain) {
    const auto identity = issue();
    trust_.key_pin = read_certificate(identity.certificate)->key_pin;
    {
        Loopback server({{answer("ok")}}, Disguise{identity});
        const auto reply = post(server.url());
        ASSERT_TRUE(reply) << reply.error().what << reply.error().evidence;
    }
    const auto other = issue();
    const auto error = refusal({other});
    EXPECT_THAT(error.what, AllOf(HasSubstr("does not have the key that is pinned"),
                                  HasSubstr(read_certificate(other.certificate)->key_pin)));
    // A pin is no way around an authority.
    trust_.ca_file.clear();
    EXPECT_THAT(refusal({identity}).what, HasSubstr("is not trusted"));
}

TEST_F(Trusting, AuthoritiesThatAServerDeliveredVouchBesidesTheOthers) {
    trust_.roots_file = trust_.ca_file;
    for (const std::string& first : {std::string(), file("other.pem", server::Authority::make("x")->certificate())}) {
        trust_.ca_file = first;
        Loopback server({{answer("ok")}}, Disguise{issue()});
        const auto reply = post(server.url());
        ASSERT_TRUE(reply) << reply.error().what << reply.error().evidence;
    }
    trust_.roots_file = folder_.below("gone.pem").string();
    EXPECT_FALSE(CurlExchange(trust_).post({Loopback({{answer("no")}}, Disguise{issue()}).url(), "text/xml", "", {}}));
}

}  // namespace
}  // namespace steward::transport

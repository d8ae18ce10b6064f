// Enrolment and the sessions after it over real TLS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/session/credentials.h"
#include "agent/syncml/read.h"
#include "agent/syncml/write.h"
#include "platform/base/bytes.h"
#include "tests/server/applicant.h"
#include "tests/server/client.h"
#include "tests/server/running.h"
#include "tests/support/temporary_directory.h"

namespace steward::server {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char soap[] = "application/soap+xml; charset=utf-8";
constexpr char discovery[] = "/EnrollmentServer/Discovery.svc";
constexpr char service[] = "/EnrollmentServer/Enrollment.svc";
constexpr char sessions[] = "/ManagementServer/MDM.svc?mode=Maintenance";

class EnrolledTest : public testing::Test {
  protected:
    void start(std::vector<std::string> words = {}) {
        words.insert(words.begin(), {"--ca-out", dir_.path() + "/ca.pem", "--enrol-user", "ann", "--enrol-secret-file",
                                     dir_.write("secret.txt", "secret word\n")});
        server_ = std::make_unique<Running>(words);
    }
    TestClient client(const Identity& own = {}) {
        auto made = TestClient::connect(server_->port(), dir_.read("ca.pem"), "localhost", own);
        EXPECT_TRUE(made) << (made ? "" : made.error().evidence);
        return std::move(*made);
    }
    static const Applicant& laptop() {
        static const Applicant made("DEV-1");
        return made;
    }
    std::string enrol() {  // the document
        const auto reply = client().post(service, laptop().request(Applicant::by_password("ann", "secret word")), soap);
        return reply ? document_in(reply->body) : std::string();
    }
    Identity enrolled() { return laptop().identity(certificate_in(enrol())); }

    // Package 1; commands: bare XML in front of DevInfo.
    static std::string package_1(const std::string& credentials = {}, const std::string& commands = {},
                                 const std::string& session = "1", const std::string& message = "1") {
        std::string items;
        for (const char* name : {"DevId", "Man", "Mod", "DmV", "Lang"}) {
            items += std::string("<Item><Source><LocURI>./DevInfo/") + name + "</LocURI></Source><Data>x</Data></Item>";
        }
        const std::string name = credentials.empty() ? "" : "<LocName>DEV-1</LocName>";
        return "<SyncML "
               "xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>" +
               session + "</SessionID><MsgID>" + message +
               "</MsgID><Target><LocURI>https://localhost/</LocURI></Target><Source><LocURI>DEV-1</LocURI>" + name +
               "</Source>" + credentials + "</SyncHdr><SyncBody><Alert><CmdID>2</CmdID><Data>1201</Data></Alert>" +
               commands + "<Replace><CmdID>9</CmdID>" + items + "</Replace><Final/></SyncBody></SyncML>";
    }
    static std::string proof(const std::string& secret, const std::string& nonce) {
        return "<Cred><Meta><Format xmlns=\"syncml:metinf\">b64</Format><Type "
               "xmlns=\"syncml:metinf\">syncml:auth-md5</Type></Meta><Data>" +
               session::md5_proof("DEV-1", secret, nonce) + "</Data></Cred>";
    }
    static std::string next_nonce(const std::string& reply) {
        return from_base64(between(replaced(reply, "<NextNonce xmlns=\"syncml:metinf\">", "<N>"), "<N>", "<"))
            .value_or("");
    }

    test::TemporaryDirectory dir_;
    std::unique_ptr<Running> server_;
};

TEST_F(EnrolledTest, TheCertificateOpensSessions) {
    start();
    EXPECT_EQ(client().get(discovery)->status, 200);
    const auto found = client().post(discovery, Applicant::discover(), soap)->body;
    EXPECT_THAT(found, HasSubstr("<EnrollmentServiceUrl>https://localhost:" + std::to_string(server_->port()) +
                                 "/EnrollmentServer/Enrollment.svc"));
    const auto own = enrolled();
    const auto reply = client(own).post(sessions, package_1());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 200);
    EXPECT_THAT(reply->body, HasSubstr("<Cmd>SyncHdr</Cmd><TargetRef>https://localhost/</TargetRef><SourceRef>DEV-1</"
                                       "SourceRef><Data>200</Data>"));
    server_->stop();
    EXPECT_THAT(server_->output(), HasSubstr("enrolled DEV-1 (ann-laptop) by ann"));
    EXPECT_THAT(server_->output(), Not(HasSubstr("secret word")));
}

TEST_F(EnrolledTest, TheCredentialsOpenSessionsAndTheirNonceGoesOn) {
    start();
    const auto document = enrol();
    const auto secret = parm_in(document, "AAUTHSECRET", 1);
    const auto first_nonce = *from_base64(parm_in(document, "AAUTHDATA", 1));
    const auto first = client().post(sessions, package_1(proof(secret, first_nonce)));
    EXPECT_THAT(first->body, HasSubstr("<Data>212</Data>"));
    const auto second = client().post(sessions, package_1(proof(secret, next_nonce(first->body)), {}, "2"));
    EXPECT_THAT(second->body, HasSubstr("<Data>212</Data>"));
    const auto old = client().post(sessions, package_1(proof(secret, first_nonce), {}, "3"));
    EXPECT_THAT(old->body, HasSubstr("<Data>401</Data>"));
    const auto challenged = client().post(sessions, package_1(proof(secret, next_nonce(old->body)), {}, "3", "2"));
    EXPECT_THAT(challenged->body, HasSubstr("<Data>212</Data>"));
    EXPECT_THAT(client().post(sessions, package_1({}, {}, "4"))->body, HasSubstr("<Data>407</Data>"));
}

TEST_F(EnrolledTest, WhoIsNotEnrolledGetsNoSession) {
    start();
    const auto stranger = client().post(sessions, package_1());
    EXPECT_EQ(stranger->status, 403);
    EXPECT_THAT(stranger->body, HasSubstr("DEV-1 is not enrolled here"));
}

TEST_F(EnrolledTest, BothMayBeDemanded) {
    start({"--identify-by", "both"});
    const auto document = enrol();
    const auto own = laptop().identity(certificate_in(document));
    const auto secret = parm_in(document, "AAUTHSECRET", 1);
    const auto nonce = *from_base64(parm_in(document, "AAUTHDATA", 1));
    EXPECT_EQ(client().post(sessions, package_1(proof(secret, nonce)))->status, 403);
    EXPECT_THAT(client(own).post(sessions, package_1())->body, HasSubstr("<Data>407</Data>"));
}

TEST_F(EnrolledTest, ACertificateOfAnotherDeviceOpensNothing) {
    start({"--identify-by", "certificate"});
    const auto own = enrolled();
    const Applicant other("DEV-2");
    const auto reply = client().post(service, other.request(Applicant::by_password("ann", "secret word")), soap);
    const auto foreign = other.identity(certificate_in(document_in(reply->body)));
    EXPECT_EQ(client(foreign).post(sessions, package_1())->status, 403);
    EXPECT_EQ(client(own).post(sessions, package_1())->status, 200);
    const auto stranger = Authority::make("another CA")->client("DEV-1");
    EXPECT_EQ(client(*stranger).post(sessions, package_1())->status, 403);
}

TEST_F(EnrolledTest, RenewsOverTheOldCertificate) {
    start({"--identify-by", "certificate"});
    const auto own = enrolled();
    const Applicant again("DEV-1");
    EXPECT_THAT(client().post(service, again.renewal(own), soap)->body, HasSubstr("needs TLS"));
    const auto reply = client(own).post(service, again.renewal(own), soap);
    ASSERT_EQ(reply->status, 200) << reply->body;
    const auto renewed = again.identity(certificate_in(document_in(reply->body)));
    EXPECT_EQ(client(own).post(sessions, package_1())->status, 200) << "the new one may not have arrived";
    EXPECT_EQ(client(renewed).post(sessions, package_1({}, {}, "2"))->status, 200);
    EXPECT_EQ(client(own).post(sessions, package_1({}, {}, "3"))->status, 403) << "it has arrived";
}

TEST_F(EnrolledTest, TheLastAlertEndsTheEnrolment) {
    start();
    const auto own = enrolled();
    const std::string alert =
        "<Alert><CmdID>3</CmdID><Data>1226</Data><Item><Meta><Type xmlns=\"syncml:metinf\">com.microsoft:mdm."
        "unenrollment.userrequest</Type><Format "
        "xmlns=\"syncml:metinf\">int</Format></Meta><Data>1</Data></Item></Alert>";
    EXPECT_EQ(client(own).post(sessions, package_1({}, alert))->status, 200);
    const auto after = client(own).post(sessions, package_1({}, {}, "2"));
    EXPECT_EQ(after->status, 403);
    EXPECT_THAT(after->body, HasSubstr("has left"));
    EXPECT_EQ(client(enrolled()).post(sessions, package_1({}, {}, "3"))->status, 200) << "it came back";
}

TEST_F(EnrolledTest, FailsAsOftenAsTold) {
    start({"--fault", "busy=7", "--fault", "cut=20", "--fault", "redirect", "--fault", "busy=3@session",
           "--fault-times", "1"});
    const auto moved = client().get(discovery);
    EXPECT_EQ(moved->status, 302);
    EXPECT_THAT(moved->head, HasSubstr("/EnrollmentServer/Elsewhere/Discovery.svc"));
    EXPECT_EQ(client().get("/EnrollmentServer/Elsewhere/Discovery.svc")->status, 200);
    const auto request = laptop().request(Applicant::by_password("ann", "secret word"));
    const auto busy = client().post(service, request, soap);
    EXPECT_EQ(busy->status, 503);
    EXPECT_THAT(busy->head, HasSubstr("Retry-After: 7"));
    EXPECT_EQ(client().post(service, request, soap)->body.size(), 20u) << "cut";
    EXPECT_FALSE(enrol().empty());
    EXPECT_EQ(client().post(sessions, package_1())->status, 503);
    EXPECT_NE(client().post(sessions, package_1())->status, 503);
}

TEST_F(EnrolledTest, AWrongNonceIsOvercomeByAChallenge) {
    start({"--fault", "wrong-nonce"});
    const auto document = enrol();
    const auto wrong = parm_in(document, "AAUTHDATA", 1);
    const auto secret = parm_in(document, "AAUTHSECRET", 1);
    const auto reply = client().post(sessions, package_1(proof(secret, *from_base64(wrong))));
    EXPECT_THAT(reply->body, HasSubstr("<Data>401</Data>"));
    EXPECT_THAT(client().post(sessions, package_1(proof(secret, next_nonce(reply->body)), {}, "1", "2"))->body,
                HasSubstr("<Data>212</Data>"));
}

}  // namespace
}  // namespace steward::server

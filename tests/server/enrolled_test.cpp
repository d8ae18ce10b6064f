// Enrolment and the sessions after it over real TLS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/enrolled_device.h"

namespace steward::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class EnrolledTest : public EnrolledDevice {};

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
    EXPECT_EQ(client().post(sessions, "<a/>")->status, 400);
    EXPECT_EQ(client().post(sessions, "x", "text/plain")->status, 415);
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

TEST_F(EnrolledTest, ASessionMayGetASoapFault) {
    start({"--fault", "in-maintenance@session", "--fault-times", "1"});
    const auto own = enrolled();
    const auto reply = client(own).post(sessions, package_1());
    EXPECT_EQ(reply->status, 200);
    EXPECT_THAT(reply->head, HasSubstr("application/soap+xml"));
    EXPECT_THAT(reply->body, HasSubstr("<ErrorType>InMaintenance</ErrorType>"));
    EXPECT_THAT(client(own).post(sessions, package_1())->body, HasSubstr("SyncML"));
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

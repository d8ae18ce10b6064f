// For tests over real TLS: a server, and a device DEV-1 that enrols with it and speaks to it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "agent/session/credentials.h"
#include "platform/base/bytes.h"
#include "tests/server/applicant.h"
#include "tests/server/client.h"
#include "tests/server/running.h"
#include "tests/support/temporary_directory.h"

namespace steward::server {

inline constexpr char soap[] = "application/soap+xml; charset=utf-8";
inline constexpr char discovery[] = "/EnrollmentServer/Discovery.svc";
inline constexpr char service[] = "/EnrollmentServer/Enrollment.svc";
inline constexpr char sessions[] = "/ManagementServer/MDM.svc?mode=Maintenance";

class EnrolledDevice : public testing::Test {
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

}  // namespace steward::server

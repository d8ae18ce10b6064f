// A key that never leaves its token: made there, shown to be unexportable, and used for mutual TLS. The token is
// SoftHSM's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "agent/transport/curl.h"
#include "platform/base/certificate.h"
#include "platform/linux/keystore.h"
#include "tests/support/issuer.h"
#include "tests/support/temporary_directory.h"
#include "tests/transport/loopback.h"

namespace steward::transport {
namespace {

using ::testing::HasSubstr;

constexpr const char* module_file = "/usr/lib/softhsm/libsofthsm2.so";

class Token : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(module_file)) GTEST_SKIP() << "SoftHSM is not installed";
        folder_.write("tokens/keep", "");
        const auto settings =
            folder_.write("softhsm2.conf", "directories.tokendir = " + folder_.below("tokens").string() +
                                               "\nobjectstore.backend = file\nlog.level = ERROR\n");
        ::setenv("SOFTHSM2_CONF", settings.c_str(), 1);
        ::setenv("PKCS11_MODULE_PATH", module_file, 1);
        const auto command = "softhsm2-util --init-token --free --label Steward --so-pin 12345678 --pin 87654321 >" +
                             folder_.below("init.log").string() + " 2>&1";
        ASSERT_EQ(std::system(command.c_str()), 0) << folder_.read("init.log");
        pin_ = folder_.write("pin", "87654321");
    }
    std::string uri(const std::string& pin_file) const { return "pkcs11:token=Steward?pin-source=file:" + pin_file; }

    test::TemporaryDirectory folder_, state_;
    std::string pin_;
};

TEST_F(Token, AUT_10_AKeyThatNeverLeavesItsTokenOpensAMutualTlsConnection) {
    platform::LinuxKeystore keys(platform::Files(state_.path()), uri(pin_));
    const auto key = keys.make("enrolment-1", {});
    ASSERT_TRUE(key) << key.error().what << key.error().evidence;
    EXPECT_THAT(*key, HasSubstr("object=enrolment-1;type=private"));
    EXPECT_EQ(key->find("87654321"), std::string::npos);
    EXPECT_EQ(*keys.find("enrolment-1"), *key);
    EXPECT_EQ(keys.make("enrolment-1", {}).error().fault, Fault::exists);
    const auto words = keys.describe(*key);
    ASSERT_TRUE(words) << words.error().what;
    EXPECT_FALSE(words->exportable);
    EXPECT_FALSE(state_.has("keys")) << "nothing of it is a file";

    const auto request = keys.request(*key, {"dev-1", "dev-1"});
    ASSERT_TRUE(request) << request.error().what << request.error().evidence;
    const test::Issuer devices("Device authority");
    const auto now = SystemClock{}.now();
    const auto certificate = devices.issue(*request, "dev-1", now - std::chrono::hours(1), now + std::chrono::hours(9));
    ASSERT_FALSE(certificate.empty());
    EXPECT_TRUE(*keys.belongs(*key, certificate));
    const auto message = keys.sign_message(*key, certificate, "content");
    ASSERT_TRUE(message) << message.error().what << message.error().evidence;
    EXPECT_EQ(test::content_of_message(*message), "content");

    const auto servers = server::Authority::make("Server authority");
    Trust trust;
    trust.ca_file = folder_.write("ca.pem", servers->certificate());
    trust.certificate_file = folder_.write("device.pem", to_pem(certificate));
    trust.key_file = platform::key_source(*key);
    const std::string body = "<SyncML/>";
    Loopback server({{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" + body}},
                    Disguise{*servers->server({"127.0.0.1"}), to_pem(devices.certificate())});
    const auto reply = CurlExchange(trust).post({server.url(), "text/xml", body, {}});
    ASSERT_TRUE(reply) << reply.error().what << reply.error().evidence;
    EXPECT_EQ(reply->body, body);

    ASSERT_TRUE(keys.erase(*key));
    EXPECT_EQ(*keys.find("enrolment-1"), std::nullopt);
    EXPECT_TRUE(keys.erase(*key)) << "what is not there is already erased";
}

TEST_F(Token, WhatIsWrongIsNamed) {
    const auto refused = [&](const std::string& token) {
        auto made = platform::LinuxKeystore(platform::Files(state_.path()), token).make("a", {});
        EXPECT_FALSE(made);
        return made ? Error{} : made.error();
    };
    EXPECT_EQ(refused(uri(folder_.write("wrong", "11111111"))).fault, Fault::denied);
    EXPECT_THAT(refused(uri("/nowhere/pin")).what, HasSubstr("pin-source"));
    EXPECT_THAT(refused("pkcs11:token=Other?pin-source=file:" + pin_).what, HasSubstr("no PKCS#11 token \"Other\""));
    EXPECT_THAT(refused("pkcs11:token=Steward?module-path=/nowhere/x.so").what, HasSubstr("/nowhere/x.so"));
}

}  // namespace
}  // namespace steward::transport

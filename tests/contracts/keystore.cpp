// What every key store promises: keys are made here, used here, and gone when they are erased.
#include "platform/keystore.h"

#include <gtest/gtest.h>

#include "platform/base/certificate.h"
#include "tests/contracts/file_keys.h"
#include "tests/support/issuer.h"
#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

constexpr Instant noon{std::chrono::sys_days(std::chrono::year(2026) / 7 / 1) + std::chrono::hours(12)};
constexpr auto year = std::chrono::days(365);

class KeystoreTest : public ::testing::Test {
  protected:
    static const test::Issuer& issuer() {
        static const test::Issuer made("Steward test issuer");
        return made;
    }
    std::string make(const std::string& label) {
        auto made = keys_->make(label, {});
        EXPECT_TRUE(made) << made.error().what << made.error().evidence;
        return made ? *made : std::string();
    }
    std::string certificate(const std::string& key) {
        const auto request = keys_->request(key, {"dev-1", {}});
        return request ? issuer().issue(*request, "dev-1", noon, noon + year) : std::string();
    }

    test::TemporaryDirectory state_;
    std::unique_ptr<Keystore> keys_ = file_keys(state_.path());
};

TEST_F(KeystoreTest, ARequestSaysWhatWindowsSays) {
    const auto request = keys_->request(make("a"), {"0A1B2C3D", "0A1B2C3D"});
    ASSERT_TRUE(request);
    EXPECT_EQ(test::facts_of_request(*request),
              "subject CN=0A1B2C3D\n"
              "type PRINTABLESTRING\n"
              "signature ok\n"
              "algorithm RSA-SHA256\n"
              "bits 2048\n"
              "extension 2.5.29.37=300a06082b06010505070302\n"
              "extension 1.3.6.1.4.1.311.66.1.0=3041314232433344\n");
}

TEST_F(KeystoreTest, SignaturesFitTheCertificateOfTheKeyAndNoOther) {
    const auto key = make("a"), other = make("b");
    const auto der = certificate(key);
    EXPECT_TRUE(*keys_->belongs(key, der));
    EXPECT_FALSE(*keys_->belongs(other, der));
    EXPECT_EQ(keys_->belongs(key, "junk").error().fault, Fault::malformed);
    const auto signature = keys_->sign(key, "words");
    ASSERT_TRUE(signature);
    EXPECT_TRUE(test::signature_fits(der, "words", *signature));
    EXPECT_FALSE(test::signature_fits(der, "other words", *signature));
    const auto message = keys_->sign_message(key, der, std::string("binary\r\n\0content", 16));
    ASSERT_TRUE(message) << message.error().what << message.error().evidence;
    EXPECT_EQ(test::content_of_message(*message), std::string("binary\r\n\0content", 16));
    EXPECT_FALSE(keys_->sign_message(other, der, "x"));
}

TEST_F(KeystoreTest, AMessageIsBelievedOnlyWhenAnAuthorityVouchesForIt) {
    const auto key = make("a");
    const auto message = keys_->sign_message(key, certificate(key), "content");
    ASSERT_TRUE(message);
    const auto trusted = to_pem(issuer().certificate());
    EXPECT_EQ(*verify_message(*message, trusted, noon + year / 2), "content");
    EXPECT_EQ(verify_message(*message, trusted, noon + 2 * year).error().fault, Fault::denied);
    EXPECT_EQ(verify_message(*message, to_pem(test::Issuer("other").certificate()), noon).error().fault, Fault::denied);
    auto changed = *message;
    changed[changed.find("content")] = 'C';
    EXPECT_FALSE(verify_message(changed, trusted, noon + year / 2));
    EXPECT_EQ(verify_message("junk", trusted, noon).error().fault, Fault::malformed);
}

TEST_F(KeystoreTest, AnErasedKeyLeavesNothing) {
    const auto before = test::snapshot_of(state_.path());
    const auto key = make("a");
    ASSERT_TRUE(keys_->erase(key));
    EXPECT_EQ(test::snapshot_of(state_.path()), before);
    EXPECT_TRUE(keys_->erase(key)) << "what is not there is already erased";
    EXPECT_EQ(keys_->sign(key, "x").error().fault, Fault::not_found);
    EXPECT_EQ(keys_->describe(key).error().fault, Fault::not_found);
}

TEST_F(KeystoreTest, WeakAndHugeKeysAreRefused) {
    EXPECT_EQ(keys_->make("a", {1024}).error().fault, Fault::invalid);
    EXPECT_EQ(keys_->make("a", {1 << 20}).error().fault, Fault::invalid);
}

}  // namespace
}  // namespace steward::platform

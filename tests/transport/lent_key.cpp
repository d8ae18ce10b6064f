// A key that something else holds signs requests, messages and TLS handshakes.
#include "platform/lent_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include "agent/transport/identity.h"
#include "platform/base/certificate.h"
#include "tests/server/authority.h"
#include "tests/server/tls.h"
#include "tests/support/issuer.h"
#include "tests/support/lent_keys.h"
#include "tests/support/temporary_directory.h"

namespace steward::transport {
namespace {

using platform::Scheme;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::SizeIs;

struct LentKey : testing::Test {
    std::shared_ptr<test::PlayedHolder> holder = std::make_shared<test::PlayedHolder>();
    Result<platform::PrivateKey> key = platform::lent_key(holder->shown(), holder);
    test::TemporaryDirectory folder;
    test::Issuer devices{"Device authority"};
    Instant now = SystemClock{}.now();

    std::string certificate() {
        return devices.issue(*key->request({"dev-1", ""}), "dev-1", now - std::chrono::hours(1),
                             now + std::chrono::hours(9));
    }
};

TEST_F(LentKey, SignsRequestsMessagesAndBytes) {
    ASSERT_TRUE(key) << key.error().what;
    const auto request = key->request({"dev-1", "dev-1"});
    ASSERT_TRUE(request) << request.error().what << request.error().evidence;
    EXPECT_THAT(test::facts_of_request(*request), HasSubstr("signature ok"));
    const auto its = certificate();
    EXPECT_TRUE(*key->belongs(its));
    const test::PlayedHolder other;
    EXPECT_FALSE(*platform::lent_key(other.shown(), holder)->belongs(its));
    const auto message = key->sign_message(its, "content");
    ASSERT_TRUE(message) << message.error().what << message.error().evidence;
    EXPECT_EQ(test::content_of_message(*message), "content");
    const auto signature = key->sign("bytes");
    ASSERT_TRUE(signature) << signature.error().what << signature.error().evidence;
    EXPECT_TRUE(test::signature_fits(its, "bytes", *signature));
    EXPECT_THAT(holder->asked, Each(Scheme::pkcs1));
}

TEST_F(LentKey, IsNeverReadAndSaysWhyItDoesNotSign) {
    EXPECT_FALSE(key->pem()) << "there is nothing to read";
    holder->broken = true;
    const auto signature = key->sign("bytes");
    ASSERT_FALSE(signature);
    EXPECT_THAT(signature.error().evidence, HasSubstr("The TPM is in lockout. 0x80280400"));
}

TEST_F(LentKey, OneThatSignsWithAnotherSaltDoesNotSuitTls) {
    const auto suits = key->suits_tls();
    EXPECT_TRUE(suits) << suits.error().what << suits.error().evidence;
    EXPECT_THAT(holder->asked, SizeIs(2));
    holder->longest_salt = true;
    EXPECT_FALSE(key->suits_tls());
}

TEST_F(LentKey, LeavesOtherKeysToOpenSsl) {
    ASSERT_TRUE(key);
    const auto other = platform::PrivateKey::make({});
    ASSERT_TRUE(other) << other.error().what;
    ASSERT_TRUE(other->pem());
    ASSERT_TRUE(other->sign("bytes"));
    EXPECT_THAT(holder->asked, SizeIs(0));
}

// Both ends of a handshake in memory; true: each has seen the other's certificate.
bool shake_hands(SSL_CTX* client, SSL_CTX* server) {
    SSL *ours = SSL_new(client), *theirs = SSL_new(server);
    BIO *one = nullptr, *other = nullptr;
    BIO_new_bio_pair(&one, 0, &other, 0);
    SSL_set_bio(ours, one, one);
    SSL_set_bio(theirs, other, other);
    SSL_set_connect_state(ours);
    SSL_set_accept_state(theirs);
    bool done = false;
    for (int round = 0; round < 20 && !done; ++round) {
        const int us = SSL_do_handshake(ours), them = SSL_do_handshake(theirs);
        done = us == 1 && them == 1;
    }
    done = done && SSL_get0_peer_certificate(theirs) != nullptr && SSL_get_verify_result(theirs) == X509_V_OK;
    SSL_free(ours);
    SSL_free(theirs);
    return done;
}

TEST_F(LentKey, AUT_10_ShowsWhoWeAreInTls12And13) {
    const auto servers = server::Authority::make("Server authority");
    const auto its = folder.write("device.pem", to_pem(certificate()));
    struct Case {
        int version;
        const char* signatures;
        Scheme scheme;
    };
    for (const auto& each : {Case{TLS1_2_VERSION, "rsa_pkcs1_sha256", Scheme::pkcs1},
                             Case{TLS1_2_VERSION, "rsa_pkcs1_sha512", Scheme::pkcs1},
                             Case{TLS1_2_VERSION, "rsa_pss_rsae_sha256", Scheme::pss},
                             Case{TLS1_3_VERSION, "rsa_pss_rsae_sha256", Scheme::pss},
                             Case{TLS1_3_VERSION, "rsa_pss_rsae_sha384", Scheme::pss}}) {
        holder->asked.clear();
        const auto tls = server::Tls::make(*servers->server({"127.0.0.1"}), to_pem(devices.certificate()));
        ASSERT_TRUE(tls) << tls.error().what;
        auto* server = static_cast<SSL_CTX*>(tls->native());
        SSL_CTX_set_max_proto_version(server, each.version);
        ASSERT_EQ(SSL_CTX_set1_client_sigalgs_list(server, each.signatures), 1);
        SSL_CTX* client = SSL_CTX_new(TLS_client_method());
        EXPECT_TRUE(use_held_key(client, its, key->object().get()));
        EXPECT_TRUE(shake_hands(client, server)) << each.signatures;
        EXPECT_EQ(holder->asked, std::vector{each.scheme}) << each.signatures;
        SSL_CTX_free(client);
    }
}

TEST_F(LentKey, OfAnotherCertificateIsRefused) {
    const test::PlayedHolder other;
    SSL_CTX* client = SSL_CTX_new(TLS_client_method());
    EXPECT_FALSE(use_held_key(client, folder.write("device.pem", to_pem(certificate())),
                              platform::lent_key(other.shown(), holder)->object().get()));
    SSL_CTX_free(client);
}

}  // namespace
}  // namespace steward::transport

// Keys are made here, used here, and gone when they are erased.
#include "platform/keystore.h"

#include <gtest/gtest.h>

#include "platform/sealing.h"
#include "tests/support/issuer.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

struct WindowsKeys : testing::Test {
    test::TemporaryDirectory state;
    std::unique_ptr<Keystore> keys = keystore_in(state.path(), "software");
};

TEST_F(WindowsKeys, AreMadeFoundUsedAndErased) {
    const auto key = keys->make("enrolment-1", {});
    ASSERT_TRUE(key) << key.error().what << key.error().evidence;
    EXPECT_TRUE(state.has("keys/enrolment-1.pem"));
    EXPECT_EQ(**keys->find("enrolment-1"), *key);
    EXPECT_EQ(*keys->find("enrolment-2"), std::nullopt);
    EXPECT_EQ(keys->make("enrolment-1", {}).error().fault, Fault::exists);
    const auto request = keys->request(*key, {"dev-1", "dev-1"});
    ASSERT_TRUE(request);
    EXPECT_NE(test::facts_of_request(*request).find("subject CN=dev-1"), std::string::npos);
    EXPECT_EQ(keys->describe(*key)->kind,
              "a file that only the system and administrators can read, sealed for this machine");
    ASSERT_TRUE(keys->erase(*key));
    EXPECT_FALSE(state.has("keys")) << "nothing is left";
    EXPECT_EQ(keys->sign(*key, "x").error().fault, Fault::not_found);
}

TEST_F(WindowsKeys, AreSealedInTheirFile) {
    const auto key = keys->make("enrolment-1", {});
    ASSERT_TRUE(key) << key.error().what;
    const auto text = state.read("keys/enrolment-1.pem");
    EXPECT_TRUE(sealed(text)) << text;
    EXPECT_EQ(text.find("PRIVATE KEY"), std::string::npos);
    const auto pem = unseal(text);
    ASSERT_TRUE(pem) << pem.error().what;
    EXPECT_TRUE(pem->starts_with("-----BEGIN PRIVATE KEY-----\n"));
}

TEST_F(WindowsKeys, OneFromBeforeIsUsedAndSealedThen) {
    const auto key = keys->make("enrolment-1", {});
    ASSERT_TRUE(key) << key.error().what;
    const auto plain = unseal(state.read("keys/enrolment-1.pem"));
    ASSERT_TRUE(plain);
    state.write("keys/enrolment-1.pem", *plain);
    const auto before = keys->sign(*key, "x");
    ASSERT_TRUE(before) << before.error().what;
    EXPECT_TRUE(sealed(state.read("keys/enrolment-1.pem")));
    EXPECT_EQ(*keys->sign(*key, "x"), *before);
}

TEST_F(WindowsKeys, ADamagedOneSaysSoAndStaysAsItIs) {
    const auto key = keys->make("enrolment-1", {});
    auto text = state.read("keys/enrolment-1.pem");
    text[text.size() / 2] = text[text.size() / 2] == 'A' ? 'B' : 'A';
    state.write("keys/enrolment-1.pem", text);
    const auto used = keys->sign(*key, "x");
    ASSERT_FALSE(used);
    EXPECT_EQ(used.error().fault, Fault::io);
    EXPECT_EQ(state.read("keys/enrolment-1.pem"), text);
}

TEST_F(WindowsKeys, NoReferenceReachesOutOfTheStore) {
    state.write("secret.pem", "x");
    for (const std::string& reference :
         {"file:" + state.path() + "\\secret.pem", "file:" + state.path() + "\\keys\\..\\secret.pem",
          std::string("file:C:\\windows\\win.ini"), std::string()}) {
        EXPECT_EQ(keys->sign(reference, "x").error().fault, Fault::not_found) << reference;
        EXPECT_EQ(keys->erase(reference).error().fault, Fault::not_found) << reference;
    }
    for (const char* label : {"", ".", "..", "a/b", "a\\b", "-a", "a:b"})
        EXPECT_EQ(keys->make(label, {}).error().fault, Fault::invalid) << label;
}

}  // namespace
}  // namespace steward::platform

// Keys in a TPM: made, found, used, shown to servers, and gone when they are erased.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <windows.h>

#include <ncrypt.h>

#include "agent/transport/curl.h"
#include "platform/base/certificate.h"
#include "platform/windows/keystore.h"
#include "tests/support/issuer.h"
#include "tests/support/temporary_directory.h"
#include "tests/transport/loopback.h"
#include "tests/windows/scripted_machine_keys.h"

namespace steward::platform {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

struct WindowsTpm : testing::Test {
    test::TemporaryDirectory state;
    test::ScriptedMachineKeys tpm;
    WindowsKeystore keys{state.path(), "", tpm};
};

TEST_F(WindowsTpm, KeepsKeysWhereThereIsOne) {
    const auto key = keys.make("enrolment-1", {});
    ASSERT_TRUE(key) << key.error().what;
    EXPECT_THAT(*key, StartsWith("cng:Steward-"));
    EXPECT_FALSE(state.has("keys")) << "nothing of it is a file";
    EXPECT_EQ(**keys.find("enrolment-1"), *key);
    EXPECT_EQ(*keys.find("enrolment-2"), std::nullopt);
    EXPECT_EQ(keys.make("enrolment-1", {}).error().fault, Fault::exists);
    EXPECT_FALSE(keys.describe(*key)->exportable);
    const auto request = keys.request(*key, {"dev-1", "dev-1"});
    ASSERT_TRUE(request) << request.error().what;
    EXPECT_THAT(test::facts_of_request(*request), HasSubstr("signature ok"));
    ASSERT_TRUE(keys.erase(*key));
    EXPECT_THAT(tpm.keys, IsEmpty());
    EXPECT_EQ(keys.sign(*key, "x").error().fault, Fault::not_found);
    EXPECT_TRUE(keys.erase(*key));
}

TEST_F(WindowsTpm, OneThatIsFullOrTooOldLeavesKeysToFiles) {
    tpm.full = true;
    EXPECT_THAT(*keys.make("a", {}), StartsWith("file:"));
    tpm.full = false;
    tpm.old = true;
    EXPECT_THAT(*keys.make("b", {}), StartsWith("file:"));
    EXPECT_THAT(tpm.keys, IsEmpty()) << "what is of no use is erased";
    tpm.present = false;
    EXPECT_THAT(*keys.make("c", {}), StartsWith("file:"));
}

TEST_F(WindowsTpm, IsDemandedOrLeftAloneByTheKeyStore) {
    WindowsKeystore demanded(state.path(), "tpm", tpm), software(state.path(), "software", tpm);
    EXPECT_THAT(*demanded.make("a", {}), StartsWith("cng:"));
    EXPECT_THAT(*software.make("b", {}), StartsWith("file:"));
    tpm.old = true;
    EXPECT_FALSE(demanded.make("c", {}));
    tpm.present = false;
    EXPECT_EQ(demanded.make("c", {}).error().fault, Fault::unsupported);
    EXPECT_EQ(WindowsKeystore(state.path(), "pkcs11:token=x", tpm).make("c", {}).error().fault, Fault::unsupported);
}

TEST_F(WindowsTpm, NoReferenceReachesKeysOfOthers) {
    const test::TemporaryDirectory elsewhere;
    WindowsKeystore others(elsewhere.path(), "", tpm);
    const auto key = others.make("enrolment-1", {});
    ASSERT_TRUE(key);
    for (const auto& reference : {*key, std::string("cng:somebody"), std::string("cng:")}) {
        EXPECT_EQ(keys.sign(reference, "x").error().fault, Fault::not_found) << reference;
        EXPECT_EQ(keys.erase(reference).error().fault, Fault::not_found) << reference;
    }
    EXPECT_THAT(tpm.keys, SizeIs(1));
    EXPECT_EQ(keys.make("../a", {}).error().fault, Fault::invalid);
}

TEST_F(WindowsTpm, AUT_10_AKeyThatNeverLeavesItOpensAMutualTlsConnection) {
    MachineKeys* const before = machine_keys();
    machine_keys() = &tpm;
    const auto key = keys.make("enrolment-1", {});
    ASSERT_TRUE(key) << key.error().what;
    const test::Issuer devices("Device authority");
    const auto now = SystemClock{}.now();
    const auto certificate = devices.issue(*keys.request(*key, {"dev-1", ""}), "dev-1", now - std::chrono::hours(1),
                                           now + std::chrono::hours(9));
    const auto servers = server::Authority::make("Server authority");
    transport::Trust trust;
    trust.ca_file = state.write("ca.pem", servers->certificate());
    trust.certificate_file = state.write("device.pem", to_pem(certificate));
    trust.key_file = key_source(*key);
    tpm.keys.begin()->second->asked.clear();
    transport::Loopback server({{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}},
                               transport::Disguise{*servers->server({"127.0.0.1"}), to_pem(devices.certificate())});
    const auto reply = transport::CurlExchange(trust).post({server.url(), "text/xml", "x", {}});
    EXPECT_TRUE(reply) << reply.error().what << reply.error().evidence;
    EXPECT_EQ(tpm.keys.begin()->second->asked, std::vector{Scheme::pss});
    machine_keys() = before;
}

TEST(WindowsCng, IsNoTpmWithoutOne) {
    EXPECT_FALSE(cng_keys(L"No such provider")->there());
    EXPECT_FALSE(cng_keys(MS_KEY_STORAGE_PROVIDER)->there()) << "software keys are no TPM";
}

void expect_keys_for_tls(MachineKeys& cng) {
    const std::string name = "Steward-test-" + std::to_string(::GetCurrentProcessId());
    const auto made = cng.make(name, 2048);
    ASSERT_TRUE(made) << made.error().what << made.error().evidence;
    const auto shown = cng.find(name);
    if (!shown && shown.error().evidence.find("0x80090029") != std::string::npos) {  // NTE_NOT_SUPPORTED, of Wine 8
        GTEST_SKIP() << "keys can be made here, and not be opened";
    }
    ASSERT_TRUE(shown) << shown.error().what << shown.error().evidence;
    ASSERT_TRUE(*shown) << "it is forgotten";
    const auto key = machine_key("cng:" + name, cng);
    ASSERT_TRUE(key) << key.error().what;
    const auto suits = key->suits_tls();
    EXPECT_TRUE(suits) << suits.error().what << suits.error().evidence;
    EXPECT_TRUE(cng.erase(name));
    EXPECT_EQ(*cng.find(name), std::nullopt);
}

TEST(WindowsCng, MakesKeysInSoftwareThatSignAsTlsNeedsIt) {
    expect_keys_for_tls(*cng_keys(MS_KEY_STORAGE_PROVIDER));
}

TEST(WindowsCng, MakesKeysInTheTpmThatSignAsTlsNeedsIt) {
    if (!machine_keys()->there()) GTEST_SKIP() << "there is no TPM";
    expect_keys_for_tls(*machine_keys());
}

}  // namespace
}  // namespace steward::platform

// Certificates in Windows' own stores: by the real calls in a store of the test's own, and by a script where keys come
// in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "platform/base/bytes.h"
#include "platform/base/certificate.h"
#include "platform/base/text.h"
#include "platform/windows/client_certificates.h"
#include "platform/windows/trust.h"
#include "tests/certificates/pfx_files.h"
#include "tests/support/issuer.h"
#include "tests/windows/private_registry.h"

namespace steward::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

CertificateStore test_store(const std::string& what) {
    return {CertificateStore::Whose::user, "StewardTest" + what + std::to_string(::GetCurrentProcessId())};
}

class WindowsTrustTest : public ::testing::Test {
  protected:
    ~WindowsTrustTest() override {
        if (const auto all = store_.all()) {
            for (const auto& [thumbprint, der] : *all) (void)store_.erase(thumbprint);
        }
    }
    static StoredCertificate stored(const std::string& der) { return {to_base64(der)}; }

    const std::string one_ = test::Issuer("One").certificate(), two_ = test::Issuer("Two").certificate();
    const std::string first_ = thumbprint_of(one_), second_ = thumbprint_of(two_);
    test::PrivateRegistry device_;
    CertificateStore store_ = test_store("Root");
    AddedAuthorities added_{device_.registry(), store_};
    StoreContents contents_{store_};
};

TEST_F(WindowsTrustTest, AnAuthorityIsTrustedAndTakenBack) {
    const auto before = device_.state();
    EXPECT_THAT(*added_.names(), IsEmpty());
    EXPECT_THAT(*contents_.names(), IsEmpty());
    EXPECT_EQ(added_.read(first_).error().fault, Fault::not_found);
    ASSERT_TRUE(added_.write(first_, stored(one_)));
    ASSERT_TRUE(added_.write(first_, stored(one_)));
    EXPECT_THAT(*added_.names(), ElementsAre(first_));
    EXPECT_EQ(added_.read(lower(first_))->encoded, to_base64(one_));
    EXPECT_THAT(*contents_.names(), ElementsAre(first_));
    EXPECT_EQ(contents_.read(first_)->encoded, to_base64(one_));
    ASSERT_TRUE(added_.erase(first_));
    ASSERT_TRUE(added_.erase(first_));
    EXPECT_THAT(*contents_.names(), IsEmpty());
    EXPECT_EQ(device_.state(), before);
}

TEST_F(WindowsTrustTest, WhatWasThereBeforeUsStays) {
    ASSERT_TRUE(store_.add(two_));
    ASSERT_TRUE(added_.write(first_, stored(one_)));
    ASSERT_TRUE(added_.write(second_, stored(two_)));
    EXPECT_EQ(added_.names()->size(), 2U);
    ASSERT_TRUE(added_.erase(first_));
    ASSERT_TRUE(added_.erase(second_));
    EXPECT_THAT(*contents_.names(), ElementsAre(second_));
    EXPECT_THAT(*added_.names(), IsEmpty());
}

TEST_F(WindowsTrustTest, WhatSomebodyTookAwayIsNotTold) {
    ASSERT_TRUE(added_.write(first_, stored(one_)));
    ASSERT_TRUE(store_.erase(first_));
    EXPECT_THAT(*added_.names(), IsEmpty());
    ASSERT_TRUE(added_.write(first_, stored(one_)));
    EXPECT_THAT(*added_.names(), ElementsAre(first_));
}

TEST_F(WindowsTrustTest, OnlyAnAuthorityUnderItsOwnNameIsTaken) {
    EXPECT_EQ(added_.write(second_, stored(one_)).error().fault, Fault::invalid);
    EXPECT_EQ(added_.write("name", stored(one_)).error().fault, Fault::invalid);
    EXPECT_EQ(added_.write(first_, stored("rubbish")).error().fault, Fault::malformed);
    EXPECT_THAT(*contents_.names(), IsEmpty());
    EXPECT_EQ(contents_.write(first_, stored(one_)).error().fault, Fault::refused);
    EXPECT_EQ(contents_.erase(first_).error().fault, Fault::refused);
}

TEST_F(WindowsTrustTest, AFailureLeavesNothingNoted) {
    const auto before = device_.state();
    for (int n = 1;; ++n) {
        device_.calls().fail(n);
        const auto written = added_.write(first_, stored(one_));
        const bool failed = device_.calls().failed();
        device_.calls().fail(0);
        if (!failed) break;
        ASSERT_FALSE(written);
        EXPECT_EQ(device_.state(), before) << n;
        EXPECT_THAT(*contents_.names(), IsEmpty()) << n;
    }
}

// A PFX is "thumbprint/password" here.
struct ScriptedClients final : ClientStore {
    std::set<std::string, std::less<>> present, keys;
    std::map<std::string, bool, std::less<>> exportables;
    Outcome next_install;

    Result<std::string> look(std::string_view pfx, const std::string& password) override {
        const auto cut = pfx.find('/');
        if (cut == std::string_view::npos) return Error{Fault::malformed, "No PFX.", ""};
        if (pfx.substr(cut + 1) != password) return Error{Fault::invalid, "Wrong password.", ""};
        return std::string(pfx.substr(0, cut));
    }
    Outcome install(std::string_view pfx, const std::string& password, bool exportable) override {
        auto name = look(pfx, password);
        if (!name) return std::move(name).error();
        present.insert(*name);
        if (auto answer = std::exchange(next_install, Outcome()); !answer) return answer;
        keys.insert(*name);
        exportables[*name] = exportable;
        return {};
    }
    Result<bool> has(std::string_view thumbprint) override { return present.contains(thumbprint); }
    Result<bool> complete(std::string_view thumbprint) override {
        return present.contains(thumbprint) && keys.contains(thumbprint);
    }
    Outcome erase(std::string_view thumbprint) override {
        present.erase(std::string(thumbprint));
        keys.erase(std::string(thumbprint));
        return {};
    }
};

class WindowsClientsTest : public ::testing::Test {
  protected:
    static ClientCertificate brought(const std::string& thumbprint, const std::string& password = "secret") {
        ClientCertificate made;
        made.pfx = to_base64(thumbprint + "/" + password);
        made.password = password;
        made.key_location = ClientCertificate::tpm_if_there;
        made.exportable = false;
        return made;
    }
    test::PrivateRegistry device_;
    ScriptedClients store_;
    WindowsClientCertificates clients_{device_.registry(), store_};
};

TEST_F(WindowsClientsTest, ACertificateIsInstalledAndTakenBackWithItsKey) {
    const auto before = device_.state();
    ASSERT_TRUE(clients_.write("vpn", brought("AA")));
    EXPECT_THAT(*clients_.names(), ElementsAre("vpn"));
    const auto now = *clients_.read("vpn");
    EXPECT_EQ(now.pfx, digest_of_pfx(*brought("AA").pfx));
    EXPECT_EQ(now.password, "*");
    EXPECT_EQ(now.key_location, ClientCertificate::software);
    EXPECT_EQ(now.exportable, false);
    EXPECT_EQ(now.thumbprint, "AA");
    EXPECT_EQ(now.complete, true);
    EXPECT_FALSE(store_.exportables["AA"]);
    EXPECT_EQ(device_.state().find("secret"), std::string::npos);
    ASSERT_TRUE(clients_.write("vpn", brought("BB")));
    EXPECT_THAT(store_.present, ElementsAre("BB"));
    ASSERT_TRUE(clients_.erase("vpn"));
    ASSERT_TRUE(clients_.erase("vpn"));
    EXPECT_TRUE(store_.present.empty());
    EXPECT_TRUE(store_.keys.empty());
    EXPECT_EQ(device_.state(), before);
    EXPECT_EQ(clients_.read("vpn").error().fault, Fault::not_found);
}

TEST_F(WindowsClientsTest, WhatIsNotWholeIsTold) {
    ASSERT_TRUE(clients_.write("vpn", brought("AA")));
    store_.keys.clear();
    EXPECT_EQ(clients_.read("vpn")->complete, false);
    EXPECT_EQ(clients_.read("vpn")->pfx, std::nullopt);
    ASSERT_TRUE(clients_.write("vpn", brought("AA")));
    EXPECT_EQ(clients_.read("vpn")->complete, true);
}

TEST_F(WindowsClientsTest, AFailedInstallationLeavesTheOneBefore) {
    ASSERT_TRUE(clients_.write("vpn", brought("AA")));
    const auto before = device_.state();
    store_.next_install = Error{Fault::io, "No.", ""};
    EXPECT_FALSE(clients_.write("vpn", brought("BB")));
    EXPECT_EQ(device_.state(), before);
    EXPECT_THAT(store_.present, ElementsAre("AA"));
    EXPECT_EQ(clients_.read("vpn")->complete, true);
    auto wrong = brought("BB");
    wrong.password = "guess";
    EXPECT_EQ(clients_.write("vpn", wrong).error().fault, Fault::invalid);
    EXPECT_EQ(device_.state(), before);
}

TEST_F(WindowsClientsTest, WhatCanNotBeIsRefused) {
    store_.present = {"AA"};
    EXPECT_EQ(clients_.write("vpn", brought("AA")).error().fault, Fault::exists) << "somebody else's";
    auto asked = brought("BB");
    asked.key_location = ClientCertificate::tpm;
    EXPECT_EQ(clients_.write("vpn", asked).error().fault, Fault::unsupported);
    asked.key_location = ClientCertificate::hello;
    EXPECT_EQ(clients_.write("vpn", asked).error().fault, Fault::unsupported);
    asked = brought("BB");
    asked.password_encryption = 1;
    EXPECT_EQ(clients_.write("vpn", asked).error().fault, Fault::unsupported);
    asked = brought("BB");
    asked.pfx = "!";
    EXPECT_EQ(clients_.write("vpn", asked).error().fault, Fault::malformed);
    EXPECT_EQ(clients_.write("", brought("BB")).error().fault, Fault::invalid);
    asked = brought("BB");
    asked.pfx = to_base64(std::string(600'000, 'x'));
    EXPECT_EQ(clients_.write("vpn", asked).error().fault, Fault::too_large);
}

TEST(WindowsClientStoreTest, RubbishIsNoPfx) {
    auto store = test_store("My");
    WindowsClientStore clients(store);
    EXPECT_FALSE(clients.look("rubbish", "x"));
    EXPECT_FALSE(clients.install("rubbish", "x", true));
    EXPECT_FALSE(*clients.has(std::string(40, 'A')));
    EXPECT_FALSE(*clients.complete(std::string(40, 'A')));
    EXPECT_TRUE(clients.erase(std::string(40, 'A')));
}

TEST(WindowsClientStoreTest, ACertificateComesWithItsKeyAndGoesWithIt) {
    auto store = test_store("My");
    WindowsClientStore clients(store);
    const auto entity = test::end_entity(0, "laptop7");
    const auto pfx = test::make_pfx(entity, {}, "secret", test::PfxManner::older);
    const auto name = clients.look(pfx, "secret");
    ASSERT_TRUE(name) << name.error().what << " " << name.error().evidence;
    EXPECT_EQ(*name, thumbprint_of(entity.certificate));
    EXPECT_EQ(clients.look(pfx, "guess").error().fault, Fault::invalid);
    EXPECT_FALSE(*clients.has(*name)) << "only looked at";
    const auto installed = clients.install(pfx, "secret", true);
    if (!installed) GTEST_SKIP() << installed.error().what << " " << installed.error().evidence;
    EXPECT_TRUE(*clients.has(*name));
    EXPECT_TRUE(*clients.complete(*name));
    ASSERT_TRUE(clients.erase(*name));
    EXPECT_FALSE(*clients.has(*name));
    EXPECT_FALSE(*clients.complete(*name));
}

}  // namespace
}  // namespace steward::platform

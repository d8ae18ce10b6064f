// Whom the system trusts, with the system's tool played and, where it is there, with the real one.
#include "platform/linux/trust.h"

#include <gtest/gtest.h>

#include "platform/base/text.h"
#include "platform/linux/intermediates.h"
#include "platform/linux/processes.h"
#include "tests/certificates/authorities.h"
#include "tests/certificates/played_trust.h"
#include "tests/support/snapshot.h"

namespace steward::platform {
namespace {

using namespace test;

void expect_done(const Outcome& outcome) {
    ASSERT_TRUE(outcome) << outcome.error().what << " " << outcome.error().evidence;
}

class TrustTest : public ::testing::TestWithParam<PlayedTrust::System> {
  protected:
    TrustTest() {
        tool_.distribution = pem(0);
        root_.write(tool_.anchors() + "/company.crt", pem(1));
        tool_.install();
    }
    bool trusts(std::size_t number) {
        const auto read = anchors_.read(thumbprint(number));
        EXPECT_TRUE(!read || read->encoded == encoded(number));
        return read.ok();
    }
    Snapshot files() const { return snapshot_of(root_.path()); }

    TemporaryDirectory root_;
    PlayedTrust tool_{root_, GetParam()};
    Files files_{root_.path()};
    TrustAnchors anchors_{files_, tool_};
    SystemTrust system_{anchors_};
};

TEST_P(TrustTest, AnAnchorIsTrustedOnceTheSystemsListSaysSoAndGoesWithoutATrace) {
    const auto before = files();
    EXPECT_FALSE(trusts(2));
    expect_done(anchors_.write(thumbprint(2), stored(2)));
    EXPECT_TRUE(trusts(2));
    EXPECT_EQ(value_of(anchors_.names()), std::vector<std::string>{thumbprint(2)});
    expect_done(anchors_.erase(thumbprint(2)));
    EXPECT_FALSE(trusts(2));
    EXPECT_TRUE(trusts(0)) << "of the distribution";
    EXPECT_TRUE(trusts(1)) << "of the administrator";
    EXPECT_EQ(files(), before);
}

TEST_P(TrustTest, ManyChangesAreOneRunOfTheTool) {
    for (std::size_t i = 2; i < 6; ++i) expect_done(anchors_.write(thumbprint(i), stored(i)));
    for (std::size_t i = 2; i < 6; ++i) EXPECT_TRUE(trusts(i));
    EXPECT_EQ(tool_.runs.size(), 1U);
    const auto touched = change_times_of(root_.path());
    for (std::size_t i = 2; i < 6; ++i) expect_done(anchors_.write(thumbprint(i), stored(i)));
    EXPECT_TRUE(trusts(2));
    EXPECT_EQ(tool_.runs.size(), 1U) << "what is there is not written again";
    EXPECT_EQ(change_times_of(root_.path()), touched);
}

TEST_P(TrustTest, WhatTheAdministratorTrustsIsNeitherListedAsOursNorTakenAway) {
    EXPECT_TRUE(value_of(anchors_.names(), {"?"}).empty());
    expect_done(anchors_.write(thumbprint(1), stored(1)));
    expect_done(anchors_.erase(thumbprint(1)));
    EXPECT_TRUE(trusts(1));
    EXPECT_EQ(root_.read(tool_.anchors() + "/company.crt"), pem(1));
    expect_done(anchors_.erase(thumbprint(1)));
    EXPECT_TRUE(trusts(1));
}

TEST_P(TrustTest, WhatTheToolDidNotTakeInIsNotReported) {
    tool_.idle = true;
    expect_done(anchors_.write(thumbprint(2), stored(2)));
    const auto read = anchors_.read(thumbprint(2));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().fault, Fault::not_found);
    tool_.idle = false;
    expect_done(anchors_.write(thumbprint(2), stored(2)));
    EXPECT_TRUE(trusts(2)) << "and is put right by the next write";
}

TEST_P(TrustTest, AToolThatFailsIsQuotedAndAskedAgain) {
    tool_.fail = 2;
    expect_done(anchors_.write(thumbprint(2), stored(2)));
    auto read = anchors_.read(thumbprint(2));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().fault, Fault::not_found) << "it is not trusted, and that is the truth";
    EXPECT_NE(read.error().evidence.find("no space left"), std::string::npos) << read.error().evidence;
    tool_.fail = 0;
    // Also by whoever comes after a kill.
    TrustAnchors later(files_, tool_);
    EXPECT_TRUE(later.read(thumbprint(2)));

    tool_.fail = 2;
    expect_done(anchors_.erase(thumbprint(2)));
    read = anchors_.read(thumbprint(2));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().fault, Fault::io) << "it is still trusted, and nobody may be told that it went well";
    EXPECT_NE(read.error().evidence.find("no space left"), std::string::npos) << read.error().evidence;
    tool_.fail = 0;
    EXPECT_FALSE(trusts(2));
}

TEST_P(TrustTest, AListThatSomebodyElseMadeAnewIsSeen) {
    EXPECT_FALSE(trusts(2));
    root_.write(tool_.anchors() + "/other.crt", pem(2));
    tool_.install();
    EXPECT_TRUE(trusts(2));
    EXPECT_EQ(value_of(system_.names()).size(), 3U);
    EXPECT_TRUE(tool_.runs.empty());
}

TEST_P(TrustTest, ThePlaceOfThePrivateRootIsGivenToTheTool) {
    expect_done(anchors_.write(thumbprint(2), stored(2)));
    EXPECT_TRUE(trusts(2));
    ASSERT_EQ(tool_.runs.size(), 1U);
    const auto all = join(tool_.runs.front().arguments, " ");
    EXPECT_NE(all.find(root_.path()), std::string::npos) << all;
}

INSTANTIATE_TEST_SUITE_P(Systems, TrustTest,
                         ::testing::Values(PlayedTrust::System::debian, PlayedTrust::System::redhat),
                         [](const auto& each) {
                             return each.param == PlayedTrust::System::debian ? "Debian" : "RedHat";
                         });

class RefusedTest : public ::testing::Test {
  protected:
    Error refusal(const std::string& key, const std::string& value) {
        const auto before = snapshot_of(root_.path());
        const auto written = anchors_.write(key, {value});
        EXPECT_FALSE(written);
        EXPECT_EQ(snapshot_of(root_.path()), before);
        EXPECT_TRUE(tool_.runs.empty());
        return written ? Error{} : written.error();
    }

    TemporaryDirectory root_;
    PlayedTrust tool_{root_};
    Files files_{root_.path()};
    TrustAnchors anchors_{files_, tool_};
};

TEST_F(RefusedTest, ACertificateUnderAnotherName) {
    const auto error = refusal(thumbprint(1), encoded(0));
    EXPECT_EQ(error.fault, Fault::invalid);
    EXPECT_NE(error.evidence.find(thumbprint(0)), std::string::npos) << error.evidence;
}

TEST_F(RefusedTest, OneThatIsNoAuthority) {
    const auto der = end_entity(0, "laptop7").certificate;
    EXPECT_EQ(refusal(thumbprint_of(der), to_base64(der)).fault, Fault::invalid);
}

TEST_F(RefusedTest, NamesThatAreNone) {
    EXPECT_EQ(refusal("../../../../etc/passwd", encoded(0)).fault, Fault::invalid);
    EXPECT_EQ(refusal("", encoded(0)).fault, Fault::invalid);
    EXPECT_EQ(refusal(thumbprint(0) + "00", encoded(0)).fault, Fault::invalid);
    EXPECT_EQ(refusal(std::string(40, 'x'), encoded(0)).fault, Fault::invalid);
}

TEST_F(RefusedTest, WhatIsNoCertificate) {
    EXPECT_EQ(refusal(thumbprint(0), to_base64("hello")).fault, Fault::malformed);
    EXPECT_EQ(refusal(thumbprint(0), to_base64(authority(0).certificate() + "x")).fault, Fault::malformed);
    EXPECT_EQ(refusal(thumbprint(0), to_base64(pem(0))).fault, Fault::malformed);
    EXPECT_EQ(refusal(thumbprint(0), to_base64(std::string(longest_certificate + 1, '0'))).fault, Fault::too_large);
    EXPECT_EQ(refusal(thumbprint(0), "").fault, Fault::malformed);
}

TEST_F(RefusedTest, ASystemWithoutATool) {
    std::filesystem::remove(root_.below("/usr/sbin/update-ca-certificates"));
    const auto error = refusal(thumbprint(0), encoded(0));
    EXPECT_EQ(error.fault, Fault::unsupported);
    EXPECT_NE(error.what.find("install ca-certificates"), std::string::npos);
    EXPECT_TRUE(value_of(anchors_.names(), {"?"}).empty());
    EXPECT_TRUE(anchors_.erase(thumbprint(0)));
    EXPECT_EQ(anchors_.read(thumbprint(0)).error().fault, Fault::not_found);
}

TEST_F(RefusedTest, ADamagedListOfTheSystemIsSaid) {
    root_.write("/etc/ssl/certs/ca-certificates.crt", pem(0) + "-----BEGIN CERTIFICATE-----\n!!\n");
    EXPECT_EQ(anchors_.read(thumbprint(0)).error().fault, Fault::io);
}

TEST(Intermediates, AreKeptAndReadBackAndGoWithoutATrace) {
    TemporaryDirectory root;
    root.write("/etc/steward/encryption.conf", "");
    Files files{root.path()};
    Intermediates store{files};
    const auto before = snapshot_of(root.path());
    EXPECT_TRUE(value_of(store.names(), {"?"}).empty());
    expect_done(store.write(lower(thumbprint(0)), stored(0)));
    EXPECT_EQ(value_of(store.names()), std::vector<std::string>{lower(thumbprint(0))});
    EXPECT_EQ(value_of(store.read(lower(thumbprint(0)))).encoded, encoded(0));
    root.write("/etc/steward/certificates/intermediates/" + lower(thumbprint(0)) + ".pem", pem(1));
    EXPECT_FALSE(store.read(lower(thumbprint(0)))) << "another certificate in its file";
    expect_done(store.write(lower(thumbprint(0)), stored(0)));
    EXPECT_TRUE(store.read(lower(thumbprint(0))));
    EXPECT_FALSE(store.write("../../x", stored(0)));
    expect_done(store.erase("../../encryption"));
    expect_done(store.erase(lower(thumbprint(0))));
    EXPECT_EQ(snapshot_of(root.path()), before);
}

// The tool of this very system, in a root of its own.
TEST(RealTrust, UpdateCaCertificatesTakesAnchorsInAndOutInAPrivateRoot) {
    if (!Files("/").exists("/usr/sbin/update-ca-certificates")) GTEST_SKIP() << "no update-ca-certificates here";
    TemporaryDirectory root;
    root.write("/usr/sbin/update-ca-certificates", "");
    root.write("/usr/share/ca-certificates/mozilla/A.crt", pem(0));
    root.write("/usr/local/share/ca-certificates/company.crt", pem(1));
    root.write("/etc/ca-certificates.conf", "mozilla/A.crt\n");
    std::filesystem::create_directories(root.below("/etc/ssl/certs"));
    Files files{root.path()};
    LinuxProcesses processes;
    TrustAnchors anchors{files, processes};
    for (std::size_t i = 2; i < 4; ++i) expect_done(anchors.write(thumbprint(i), stored(i)));
    const auto trusted = anchors.trusted();
    ASSERT_TRUE(trusted) << trusted.error().what << " " << trusted.error().evidence;
    EXPECT_EQ((*trusted)->size(), 4U);
    EXPECT_EQ(value_of(anchors.read(thumbprint(3))).encoded, encoded(3));
    EXPECT_TRUE(root.has("/etc/ssl/certs/steward-" + thumbprint(3) + ".pem"));
    for (std::size_t i = 2; i < 4; ++i) expect_done(anchors.erase(thumbprint(i)));
    const auto after = anchors.trusted();
    ASSERT_TRUE(after) << after.error().what;
    EXPECT_EQ((*after)->size(), 2U);
    EXPECT_FALSE(std::filesystem::is_symlink(root.below("/etc/ssl/certs/steward-" + thumbprint(3) + ".pem")))
        << "no dangling link is left";
}

}  // namespace
}  // namespace steward::platform

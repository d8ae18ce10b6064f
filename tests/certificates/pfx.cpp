// PFX files of any kind are opened, or refused.
#include "platform/pfx.h"

#include <gtest/gtest.h>

#include "tests/certificates/authorities.h"
#include "tests/certificates/pfx_files.h"

namespace steward::test {
namespace {

using platform::open_pfx;

// Made once: keys take time.
const EndEntity& laptop() {
    static const EndEntity made = end_entity(0, "laptop7.example.org");
    return made;
}

void expect_opened(PfxManner manner) {
    const auto file = make_pfx(laptop(), {authority(0).certificate()}, "pa\xc3\x9fword", manner);
    ASSERT_FALSE(file.empty());
    const auto pfx = open_pfx(file, "pa\xc3\x9fword");
    ASSERT_TRUE(pfx) << static_cast<int>(manner) << pfx.error().what;
    EXPECT_EQ(pfx->certificate, laptop().certificate);
    EXPECT_TRUE(pfx->chain.empty()) << "a root vouches for nobody who does not trust it already";
    const auto key = platform::PrivateKey::of_pem(pfx->key);
    ASSERT_TRUE(key);
    EXPECT_TRUE(value_of(key->belongs(laptop().certificate)));
}

TEST(PfxFile, OfEveryAgeIsOpened) {
    for (const auto manner : {PfxManner::today, PfxManner::older, PfxManner::bare}) expect_opened(manner);
}

TEST(PfxFile, SealedByRc2IsOpenedWhereOpenSslStillKnowsIt) {
    if (make_pfx(laptop(), {}, "p", PfxManner::old).empty()) GTEST_SKIP() << "OpenSSL has no legacy provider here";
    expect_opened(PfxManner::old);
}

TEST(PfxFile, WithoutAPasswordIsOpenedToo) {
    EXPECT_TRUE(open_pfx(make_pfx(laptop(), {}, ""), ""));
}

TEST(PfxFile, AWrongPasswordIsSaidAndNotRepeated) {
    const auto pfx = open_pfx(make_pfx(laptop(), {}, "correct"), "battery staple");
    ASSERT_FALSE(pfx);
    EXPECT_EQ(pfx.error().fault, Fault::invalid);
    EXPECT_EQ((pfx.error().what + pfx.error().evidence).find("battery"), std::string::npos);
    EXPECT_FALSE(open_pfx(make_pfx(laptop(), {}, "correct"), ""));
}

TEST(PfxFile, OneThatWouldKeepTheDeviceBusyIsRefusedAtOnce) {
    const auto costly = open_pfx(make_pfx(laptop(), {}, "p", PfxManner::today, 2'000'001), "p");
    ASSERT_FALSE(costly);
    EXPECT_EQ(costly.error().fault, Fault::too_large);
    EXPECT_EQ(open_pfx(std::string(platform::longest_pfx + 1, 'x'), "p").error().fault, Fault::too_large);
    EXPECT_EQ(
        open_pfx(make_pfx(laptop(), std::vector<std::string>(20, authority(1).certificate()), "p"), "p").error().fault,
        Fault::too_large);
}

TEST(PfxFile, DamagedOnesAreRefusedWhereverTheyAreDamaged) {
    const auto good = make_pfx(laptop(), {authority(0).certificate()}, "p", PfxManner::bare, 1);
    const auto whole = open_pfx(good, "p");
    ASSERT_TRUE(whole);
    for (std::size_t i = 0; i < good.size(); i += 7) {
        auto bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 0x41);
        // The parameters of the hash that all is sealed with are nothing, and nobody reads them.
        const auto opened = open_pfx(bad, "p");
        EXPECT_TRUE(!opened || (opened->certificate == whole->certificate && opened->chain == whole->chain &&
                                opened->key == whole->key))
            << i;
        EXPECT_FALSE(open_pfx(good.substr(0, i), "p")) << i;
    }
    EXPECT_EQ(open_pfx("", "").error().fault, Fault::malformed);
    EXPECT_EQ(open_pfx(good + "x", "p").error().fault, Fault::malformed);
}

TEST(PfxFile, OneWithoutTheCertificateOfItsKeyIsRefused) {
    const auto other = end_entity(0, "other");
    const auto pfx = open_pfx(make_pfx({other.certificate, {}}, {}, "p"), "p");
    ASSERT_FALSE(pfx);
    EXPECT_NE(pfx.error().what.find("no private key"), std::string::npos) << pfx.error().what;
}

}  // namespace
}  // namespace steward::test

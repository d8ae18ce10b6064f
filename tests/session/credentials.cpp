#include "agent/session/credentials.h"

#include <gtest/gtest.h>

namespace steward::session {
namespace {

TEST(Session, AUT_01_BasicVectorC1) {
    EXPECT_EQ(basic_proof("dev-0001", "s3cr3t"), "ZGV2LTAwMDE6czNjcjN0");
}

TEST(Session, AUT_02_Md5VectorsC2C3C4) {
    EXPECT_EQ(md5_proof("Bruce2", "OhBehave", "Nonce"), "Zz6EivR3yeaaENcRN6lpAQ==");
    EXPECT_EQ(md5_proof("Bruce2", "OhBehave", nonce_from_wire("LG3iZQhhdmKNHg==")), "LAK2i25Fh0nxxGGaAzRRpg==");
    EXPECT_EQ(md5_proof("dev-0001", "s3cr3t", nonce_from_wire("q83vASNFZ4k=")), "cZBOkultdwbAJMeg4a+3Tw==");
}

TEST(Session, AUT_09_MacVectorC5AndItsHeader) {
    const std::string proof =
        mac_proof("dev-0001", "s3cr3t", nonce_from_wire("q83vASNFZ4k="), "<SyncML xmlns=\"SYNCML:SYNCML1.2\"/>");
    EXPECT_EQ(proof, "Hej8InWRq/AqP+T4qMzsaA==");
    EXPECT_EQ(hmac_header("dev-0001", proof), "algorithm=MD5, username=\"dev-0001\", mac=Hej8InWRq/AqP+T4qMzsaA==");
}

TEST(Session, AUT_06_NonceFormsFromTheWire) {
    EXPECT_EQ(nonce_from_wire("Tm9uY2U="), "Nonce");
    EXPECT_EQ(nonce_from_wire(" Tm9u\n Y2U= "), "Nonce");
    EXPECT_EQ(nonce_from_wire("nonce"), "nonce") << "no base64: the text itself";
    EXPECT_EQ(nonce_from_wire("Tm9uY2U"), "Tm9uY2U") << "odd length";
    EXPECT_EQ(nonce_from_wire(""), "");
}

TEST(Credentials, HmacHeaderInAnyOrder) {
    const auto parsed = parse_hmac_header("mac=\"aGFzaA==\" , Username=\"a, b\"");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->name, "a, b");
    EXPECT_EQ(parsed->mac, "aGFzaA==");
    const auto own = parse_hmac_header(hmac_header("dev", "bWFj"));
    ASSERT_TRUE(own);
    EXPECT_EQ(own->name, "dev");
    EXPECT_EQ(own->mac, "bWFj");
}

TEST(Credentials, HmacHeaderThatIsNone) {
    for (const char* header : {"", "mac=x", "username=\"a\"", "algorithm=SHA1, username=\"a\", mac=x", ",,,",
                               "=,=", "username=\"a, mac=x"}) {
        EXPECT_FALSE(parse_hmac_header(header)) << header;
    }
}

TEST(Credentials, TypesInAnyCase) {
    EXPECT_EQ(auth_of("syncml:auth-MAC"), Auth::mac);
    EXPECT_EQ(auth_of(" SYNCML:AUTH-MD5 "), Auth::md5);
    EXPECT_EQ(auth_of("syncml:auth-x509"), std::nullopt);
    EXPECT_EQ(type_of(Auth::none), "");
}

}  // namespace
}  // namespace steward::session

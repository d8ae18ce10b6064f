#include "platform/base/bytes.h"

#include <gtest/gtest.h>

namespace steward {
namespace {

TEST(Base64, RoundTripsEveryLength) {
    std::string raw;
    for (int i = 0; i < 300; ++i) {
        EXPECT_EQ(from_base64(to_base64(raw)), raw) << raw.size();
        raw += static_cast<char>(i * 7);
    }
}

TEST(Base64, KnownTexts) {
    EXPECT_EQ(to_base64("dev-0001:s3cr3t"), "ZGV2LTAwMDE6czNjcjN0");
    EXPECT_EQ(to_base64("Nonce"), "Tm9uY2U=");
    EXPECT_EQ(from_base64("Tm9u\r\n Y2U=\t"), "Nonce");
    EXPECT_EQ(from_base64(""), "");
}

TEST(Base64, RefusesWhatIsNot) {
    for (const char* text : {"nonce", "Tm9uY2U", "Tm9uY2U==", "T", "T===", "Tm9*", "=Tm9", "Tm9uY2U=x"}) {
        EXPECT_EQ(from_base64(text), std::nullopt) << text;
    }
}

TEST(Hex, RoundTripsAndRefuses) {
    EXPECT_EQ(to_hex(std::string("\x02\xd8\0", 3)), "02d800");
    EXPECT_EQ(from_hex("02D8ff"), std::string("\x02\xd8\xff"));
    EXPECT_EQ(from_hex("0"), std::nullopt);
    EXPECT_EQ(from_hex("0g"), std::nullopt);
}

}  // namespace
}  // namespace steward

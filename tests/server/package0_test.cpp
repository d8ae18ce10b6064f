// Package 0 against the vector of the protocol sheet.
#include "tests/support/package0.h"

#include <gtest/gtest.h>

#include "agent/notify/package0.h"
#include "platform/base/bytes.h"

namespace steward::transcript {
namespace {

TEST(Package0Encoder, MakesTheVectorOfTheSheet) {
    Package0 notification;
    notification.server_id = "srv.example";
    notification.session_id = 0xA7;
    EXPECT_EQ(to_hex(encode(notification, "srvpw", *from_hex("abcdef0123456789"))),
              "b8a126b09810b1bbaba230fa4d3ecccf02d800000000a70b7372762e6578616d706c65");
    EXPECT_EQ(to_hex(encode(notification, "srvpw", std::string(4, '\0')).substr(0, 16)),
              "90323209e50167cd18165e31ddc17736");
}

TEST(Package0Encoder, PacksEveryField) {
    Package0 notification{12, 3, false, 0xFFFF, "s", "vendor"};
    EXPECT_EQ(to_hex(encode_with_digest(notification, {})), "0330000000ffff0173" + to_hex("vendor"));
    notification.server_id = std::string(300, 's');
    EXPECT_EQ(encode_with_digest(notification, {}).size(), 8u + 255u + 6u);
}

TEST(Package0Encoder, IsUnderstoodByTheAgent) {
    Package0 notification;
    notification.server_id = "TestServer";
    notification.session_id = 0xA7;
    const auto bytes = encode(notification, "secret", "nonce");
    const auto read = notify::parse_package0(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->server, "TestServer");
    EXPECT_EQ(notify::session_id_of(*read), "A7");
    EXPECT_EQ(notify::prove(bytes, "TestServer", "secret", "nonce", false), notify::Proof::nonce);
    EXPECT_EQ(notify::prove(bytes, "TestServer", "other", "nonce", false), notify::Proof::none);
}

}  // namespace
}  // namespace steward::transcript

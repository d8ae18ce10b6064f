#include "agent/notify/package0.h"

#include <gtest/gtest.h>

#include "platform/base/bytes.h"

namespace steward::notify {
namespace {

const std::string nonce = *from_hex("abcdef0123456789");
const std::string vector_ = *from_hex("b8a126b09810b1bbaba230fa4d3ecccf02d800000000a70b7372762e6578616d706c65");

TEST(Package0, TRG_01_F18_the_vector_of_the_protocol_sheet_is_read_and_proved) {
    const auto found = parse_package0(vector_);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->version, 11u);
    EXPECT_EQ(found->ui, UiMode::background);
    EXPECT_TRUE(found->server_initiated);
    EXPECT_EQ(found->session, 0xA7);
    EXPECT_EQ(found->server, "srv.example");
    EXPECT_EQ(found->vendor, "");
    EXPECT_EQ(session_id_of(*found), "A7");
    EXPECT_EQ(prove(vector_, "srv.example", "srvpw", nonce, false), Proof::nonce);
}

TEST(Package0, TRG_01_F18_encoding_gives_the_bytes_of_the_vector) {
    Package0 made;
    made.ui = UiMode::background;
    made.session = 0xA7;
    made.server = "srv.example";
    EXPECT_EQ(to_hex(encode(made, "srvpw", nonce)), to_hex(vector_));
    EXPECT_EQ(to_hex(encode(made, "srvpw", backup_nonce).substr(0, 16)), "90323209e50167cd18165e31ddc17736");
}

TEST(Package0, TRG_01_F18_every_changed_bit_spoils_the_proof) {
    for (std::size_t i = 0; i < vector_.size(); ++i) {
        for (int bit = 0; bit < 8; ++bit) {
            auto changed = vector_;
            changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
            EXPECT_EQ(prove(changed, "srv.example", "srvpw", nonce, true), Proof::none) << i;
        }
    }
    EXPECT_EQ(prove(vector_, "srv.example", "other", nonce, true), Proof::none);
    EXPECT_EQ(prove(vector_, "srv.example", "srvpw", "", true), Proof::none);
    EXPECT_EQ(prove("short", "srv.example", "srvpw", nonce, true), Proof::none);
}

TEST(Package0, TRG_01_F18_the_backup_nonce_counts_only_where_the_account_allows_it) {
    Package0 made;
    made.session = 1;
    made.server = "srv.example";
    const auto bytes = encode(made, "srvpw", backup_nonce);
    EXPECT_EQ(prove(bytes, "srv.example", "srvpw", nonce, false), Proof::none);
    EXPECT_EQ(prove(bytes, "srv.example", "srvpw", nonce, true), Proof::backup_nonce);
}

TEST(Package0, TRG_01_what_is_no_notification_is_dropped) {
    Package0 made;
    made.session = 1;
    made.server = "s";
    const auto good = encode(made, "p", nonce);
    ASSERT_TRUE(parse_package0(good));
    for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(parse_package0(good.substr(0, size))) << size;
    EXPECT_FALSE(parse_package0(good + std::string(largest_package0, 'x')));
    made.session = 0;
    EXPECT_FALSE(parse_package0(encode(made, "p", nonce)));
    made.session = 1;
    made.version = 20;
    EXPECT_FALSE(parse_package0(encode(made, "p", nonce)));
    auto long_name = good;
    long_name[23] = '\xff';
    EXPECT_FALSE(parse_package0(long_name));
}

TEST(Package0, TRG_01_a_vendor_body_and_every_mode_come_back) {
    for (const auto ui : {UiMode::not_specified, UiMode::background, UiMode::informative, UiMode::interaction}) {
        for (const bool server : {false, true}) {
            const Package0 made{12, ui, server, 0xFFFF, "provider with a blank", std::string("\0\1\2", 3)};
            const auto bytes = encode(made, "p", nonce);
            const auto found = parse_package0(bytes);
            ASSERT_TRUE(found);
            EXPECT_EQ(found->version, 12u);
            EXPECT_EQ(found->ui, ui);
            EXPECT_EQ(found->server_initiated, server);
            EXPECT_EQ(found->server, made.server);
            EXPECT_EQ(found->vendor, made.vendor);
            EXPECT_EQ(session_id_of(*found), "FFFF");
        }
    }
}

}  // namespace
}  // namespace steward::notify

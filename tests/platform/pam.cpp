#include "platform/linux/pam.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

class PamTest : public ::testing::Test {
  protected:
    test::TemporaryDirectory root_;
    Files files_{root_.path()};
};

TEST_F(PamTest, FindsEveryLineOfAModule) {
    root_.write("/etc/pam.d/common-auth",
                "# auth required pam_faillock.so hidden\n"
                "auth\trequisite\t\t\tpam_faillock.so preauth deny=4\n"
                "auth [success=2 default=ignore] pam_unix.so nullok\n"
                "-auth [default=die] /usr/lib/security/pam_faillock.so \\\n  authfail\n");
    const auto found = find_pam_module(files_, "auth", "pam_faillock.so");
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 2U);
    EXPECT_EQ((*found)[0].argument("deny"), "4");
    EXPECT_EQ((*found)[0].argument("authfail"), std::nullopt);
    EXPECT_EQ((*found)[1].argument("authfail"), "");
    EXPECT_EQ((*found)[0].file, "/etc/pam.d/common-auth");
}

TEST_F(PamTest, AnotherStackOrTypeDoesNotCount) {
    root_.write("/etc/pam.d/common-password", "account required pam_pwquality.so\n");
    root_.write("/etc/pam.d/login", "password required pam_pwquality.so\n");
    const auto found = find_pam_module(files_, "password", "pam_pwquality.so");
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->empty());
}

TEST_F(PamTest, ElsewhereTheStackIsSystemAuth) {
    root_.write("/etc/pam.d/system-auth", "password requisite pam_pwquality.so local_users_only\n");
    const auto found = find_pam_module(files_, "password", "pam_pwquality.so");
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 1U);
    EXPECT_EQ(found->front().file, "/etc/pam.d/system-auth");
}

TEST_F(PamTest, NoStackNoModule) {
    const auto found = find_pam_module(files_, "auth", "pam_unix.so");
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->empty());
}

}  // namespace
}  // namespace steward::platform

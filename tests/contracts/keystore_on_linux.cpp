// Files of keys on Linux: whose they are, where they end, and whatever call fails.
#include "platform/linux/keystore.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/contracts/failing_calls.h"
#include "tests/contracts/file_keys.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {

std::unique_ptr<Keystore> file_keys(const std::string& directory) {
    return std::make_unique<LinuxKeystore>(Files(directory));
}

namespace {

class LinuxKeystoreTest : public ::testing::Test {
  protected:
    std::string make(const std::string& label) {
        auto made = keys_.make(label, {});
        EXPECT_TRUE(made) << made.error().what << made.error().evidence;
        return made ? *made : std::string();
    }

    test::TemporaryDirectory state_;
    test::FailingCalls calls_;
    LinuxKeystore keys_{Files(state_.path(), calls_)};
};

TEST_F(LinuxKeystoreTest, AFileKeyIsReadableByItsOwnerOnly) {
    const auto key = make("enrolment-1");
    EXPECT_EQ(key, "file:" + state_.path() + "/keys/enrolment-1.pem");
    struct stat found {};
    ASSERT_EQ(::stat(key_source(key).c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 07777, 0600u);
    EXPECT_EQ(*keys_.find("enrolment-1"), key);
    EXPECT_EQ(*keys_.find("enrolment-2"), std::nullopt);
    const auto words = keys_.describe(key);
    ASSERT_TRUE(words);
    EXPECT_TRUE(words->exportable);
    EXPECT_EQ(words->kind, "a file that only its owner can read");
    EXPECT_EQ(keys_.make("enrolment-1", {}).error().fault, Fault::exists);
}

TEST_F(LinuxKeystoreTest, NoReferenceReachesOutOfTheStore) {
    state_.write("secret.pem", "x");
    for (const std::string& reference :
         {"file:" + state_.path() + "/secret.pem", "file:" + state_.path() + "/keys/../secret.pem",
          "file:" + state_.path() + "/keys/.pem", std::string("file:/etc/shadow"), std::string()}) {
        EXPECT_EQ(keys_.sign(reference, "x").error().fault, Fault::not_found) << reference;
        EXPECT_EQ(keys_.erase(reference).error().fault, Fault::not_found) << reference;
    }
    for (const char* label : {"", ".", "..", "a/b", "-a", "a b"}) {
        EXPECT_EQ(keys_.make(label, {}).error().fault, Fault::invalid) << label;
    }
    EXPECT_TRUE(state_.has("secret.pem"));
}

TEST_F(LinuxKeystoreTest, WhateverCallFailsAKeyIsThereWholeOrNotAtAll) {
    // Between the opening of the file and its end there are dozens of writes, one like the other.
    for (int n = 1;; n += n > 12 && n < 48 ? 6 : 1) {
        calls_.fail(n);
        const auto made = keys_.make("a", {});
        const bool failed = calls_.failed();
        calls_.fail(0);
        EXPECT_EQ(keys_.find("a")->has_value(), made.ok()) << "call " << n;
        EXPECT_EQ(keys_.sign("file:" + state_.path() + "/keys/a.pem", "x").ok(), made.ok()) << "call " << n;
        const auto key = "file:" + state_.path() + "/keys/a.pem";
        if (!failed) {
            EXPECT_GT(n, 8) << "making a key makes more calls than that";
            break;
        }
        ASSERT_TRUE(keys_.erase(key));
    }
    for (int n = 1;; ++n) {
        calls_.fail(n);
        const auto erased = keys_.erase("file:" + state_.path() + "/keys/a.pem");
        const bool failed = calls_.failed();
        calls_.fail(0);
        EXPECT_EQ(keys_.find("a")->has_value(), !erased.ok()) << "call " << n;
        if (!failed) break;
    }
}

}  // namespace
}  // namespace steward::platform

// The lock of a state directory knows whether its last holder came to an end of his own.
#include "platform/private_file.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

struct FileLockTest : ::testing::Test {
    test::TemporaryDirectory folder;
    bool cut_off() const {
        const auto lock = lock_file(folder.path() + "/lock");
        EXPECT_TRUE(lock);
        return lock && (*lock)->left_behind();
    }
};

TEST_F(FileLockTest, WhoGaveItBackWasNotCutOff) {
    (void)cut_off();
    EXPECT_FALSE(cut_off());
    EXPECT_FALSE(cut_off());
}

TEST_F(FileLockTest, WhoWasKilledWas) {
    (void)cut_off();
    const pid_t child = ::fork();
    if (child == 0) {
        const auto lock = lock_file(folder.path() + "/lock");
        ::_exit(lock ? 0 : 1);  // without any destructor
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    EXPECT_TRUE(cut_off());
    EXPECT_FALSE(cut_off());
}

TEST_F(FileLockTest, AStartOfTheSystemMayHaveCutAnybodyOff) {
    (void)cut_off();
    folder.write("/lock", "0d3c9a5d-6e1b-4c02-9d47-2af0715e88c3");
    EXPECT_TRUE(cut_off());
}

}  // namespace
}  // namespace steward::platform

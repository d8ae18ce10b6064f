#include "platform/linux/confine.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace steward::platform {
namespace {

// In a child: what is given up does not come back.
int in_child(int (*what)()) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(what());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int start_program() {
    ::execl("/bin/true", "true", static_cast<char*>(nullptr));
    return errno == EPERM ? 77 : 78;
}

TEST(Confine, NoProgramStartsAnyMore) {
    EXPECT_EQ(in_child(start_program), 0) << "before";
    EXPECT_EQ(in_child([] { return give_up_programs() ? start_program() : 79; }), 77);
    EXPECT_EQ(in_child([] { return give_up_programs() ? in_child(start_program) : 79; }), 77) << "nor in a child";
}

}  // namespace
}  // namespace steward::platform

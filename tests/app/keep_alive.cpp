// A server that wants to hear of long commands hears of them while they last, and of nothing afterwards.
#include "agent/courier/keep_alive.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <latch>

#include "agent/app/sync.h"
#include "tests/support/debian_root.h"
#include "tests/support/queue_server.h"
#include "tests/support/temporary_directory.h"

namespace steward::app {
namespace {

using testing::Contains;
using testing::Not;

const std::string provider = "./Device/Vendor/MSFT/DMClient/Provider/corp";
const std::string pending = "1224 Reversed-Domain-Name:com.microsoft.mdm.requestpending 1";

// Another process that holds the lock of the account files, as passwd does, until it is told to let go.
class Holder {
  public:
    explicit Holder(const std::string& file) {
        int ready[2], held[2];
        EXPECT_EQ(::pipe2(ready, O_CLOEXEC) + ::pipe2(held, O_CLOEXEC), 0);
        child_ = ::fork();
        if (child_ == 0) {
            ::close(held[1]);
            const int lock = ::open(file.c_str(), O_WRONLY);
            struct flock whole {};
            whole.l_type = F_WRLCK;
            char byte = ::fcntl(lock, F_SETLK, &whole) == 0 ? 'y' : 'n';
            if (::write(ready[1], &byte, 1) == 1) (void)!::read(held[0], &byte, 1);
            ::_exit(0);
        }
        ::close(ready[1]);
        ::close(held[0]);
        held_ = held[1];
        char byte = 'n';
        EXPECT_EQ(::read(ready[0], &byte, 1), 1);
        EXPECT_EQ(byte, 'y') << "the lock could not be had";
        ::close(ready[0]);
    }
    ~Holder() { let_go(); }
    void let_go() {
        if (child_ <= 0) return;
        ::close(held_);
        ::waitpid(std::exchange(child_, 0), nullptr, 0);
    }

  private:
    pid_t child_ = 0;
    int held_ = -1;
};

struct KeepAliveTest : testing::Test {
    test::TemporaryDirectory root, state;
    test::QueueServer server;
    std::unique_ptr<Agent> agent;

    KeepAliveTest() {
        test::make_debian_root(root.path());
        root.write("/etc/.pwd.lock", "");
        auto opened = Agent::open({root.path(), state.path()}, Purpose::change);
        EXPECT_TRUE(opened) << opened.error().what;
        agent = std::move(*opened);
        Account account;
        account.id = "corp";
        account.url = server.mdm;
        EXPECT_TRUE(agent->accounts().add(account));
    }
    void session() {
        Patience often;
        often.sign_of_life = std::chrono::milliseconds(1);
        const auto result = sync(*agent, *agent->accounts().find("corp"), server, {}, {}, often);
        ASSERT_TRUE(result);
        EXPECT_EQ(result->end, session::End::finished) << result->error.what;
    }
    // Queues something that can't be done while the lock is held, which is until `heard` requests have come.
    void slow_session(std::size_t heard) {
        const auto id =
            server.queue_replace("./Device/Vendor/MSFT/Policy/Config/DeviceLock/DevicePasswordExpiration", "9");
        Holder holder(root.below("etc/.pwd.lock").string());
        std::size_t requests = 0;
        server.asked = [&] {
            if (++requests == heard) holder.let_go();
        };
        session();
        server.asked = [] {};
        EXPECT_THAT(server.statuses().at(id), testing::ElementsAre("200"));
    }
};

TEST_F(KeepAliveTest, AServerThatWantsItHearsThatItsCommandsGoOn) {
    server.queue_replace(provider + "/EnableOmaDmKeepAliveMessage", "true");
    session();
    EXPECT_TRUE(agent->accounts().find("corp")->keep_alive);
    EXPECT_THAT(server.alerts(), Not(Contains(pending)));
    slow_session(4);  // package 1, and three that say so
    EXPECT_THAT(server.alerts(), Contains(pending).Times(testing::Ge(3)));
}

TEST_F(KeepAliveTest, AServerThatDidNotAskForItHearsNothing) {
    server.queue_replace(provider + "/EnableOmaDmKeepAliveMessage", "false");
    session();
    slow_session(1);
    EXPECT_THAT(server.alerts(), Not(Contains(pending)));
}

TEST_F(KeepAliveTest, NoMoreOfItOnceAServerDoesNotTakeIt) {
    std::latch refused(1);
    int posted = 0;
    courier::KeepAlive keep_alive(std::chrono::milliseconds(0), [&](const session::Outgoing& message) {
        EXPECT_EQ(message.body, "pending");
        if (++posted < 3) return true;
        refused.count_down();
        return false;
    });
    keep_alive.begins([] { return session::Outgoing{{}, {}, "pending", {}}; });
    refused.wait();
    keep_alive.ended();
    EXPECT_EQ(posted, 3);
}

}  // namespace
}  // namespace steward::app

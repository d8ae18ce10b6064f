// kill -9 of the service in the middle of its sessions: the engine in a child process, its server in this one.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

#include "agent/app/engine.h"
#include "tests/support/debian_root.h"
#include "tests/support/queue_server.h"
#include "tests/support/temporary_directory.h"

namespace steward::app {
namespace {

const std::string lock = "./Device/Vendor/MSFT/Policy/Config/DeviceLock/";

// Texts over a socket, each after its length. false: the other end is gone.
bool send_text(int to, const std::string& text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    std::string bytes(reinterpret_cast<const char*>(&size), sizeof size);
    bytes += text;
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t count = ::send(to, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
        if (count <= 0) return false;
        at += static_cast<std::size_t>(count);
    }
    return true;
}

bool receive_text(int from, std::string& text) {
    std::uint32_t size = 0;
    if (::recv(from, &size, sizeof size, MSG_WAITALL) != static_cast<ssize_t>(sizeof size)) return false;
    text.resize(size);
    return size == 0 || ::recv(from, text.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size);
}

struct Wire final : transport::Exchange {
    int socket;
    explicit Wire(int to) : socket(to) {}
    Result<transport::Reply> post(const transport::Request& request) override {
        transport::Reply reply;
        reply.status = 200;
        reply.content_type = "application/vnd.syncml.dm+xml";
        if (send_text(socket, request.body) && receive_text(socket, reply.body)) return reply;
        return Error{Fault::io, "The server is gone.", {}};
    }
};

struct NoSupervisor final : platform::Supervisor {
    void ready() override {}
    void reloading() override {}
    void stopping() override {}
    void alive() override {}
    void status(std::string_view) override {}
    std::optional<std::chrono::seconds> watchdog() const override { return std::nullopt; }
};

[[noreturn]] void be_the_service(const Places& places, int socket) {
    Mailbox<Letter> mailbox;
    mailbox.post(Wish{"corp", "test", false, {}, {}});
    SystemClock clock;
    NoSupervisor supervisor;
    std::stop_source stop;
    Engine::Surroundings around{places, clock, supervisor, {}, stop.get_token()};
    around.connect = [socket](const Account&) {
        return std::make_unique<courier::Direct>(std::make_unique<Wire>(socket));
    };
    (void)Engine(std::move(around), mailbox).run();
    ::_exit(0);
}

TEST(Killed, TwoHundredKillsOfTheServiceLoseNoStatusDoubleNoneAndLeaveNothingHalfDone) {
    test::TemporaryDirectory root, state;
    test::make_debian_root(root.path());
    const Places places{root.path(), state.path()};
    test::QueueServer server;
    {
        auto agent = Agent::open(places, Purpose::change);
        ASSERT_TRUE(agent);
        Account account;
        account.id = "corp";
        account.url = server.mdm;
        ASSERT_TRUE((*agent)->accounts().add(account));
    }
    std::mt19937 random(7);
    std::vector<std::string> ids;
    int length = 4, history = 0, kills = 0;
    for (int round = 0; kills < 200 || server.statuses().size() < ids.size(); ++round) {
        ASSERT_LT(round, 2000);
        const bool kill = kills < 200;
        if (kill && round % 4 == 0) {
            length = 4 + static_cast<int>(random() % 12);
            history = static_cast<int>(random() % 20);
            ids.push_back(server.queue_replace(lock + "MinDevicePasswordLength", std::to_string(length)));
            ids.push_back(server.queue_replace(lock + "DevicePasswordHistory", std::to_string(history)));
        }
        int sockets[2];
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            ::close(sockets[0]);
            be_the_service(places, sockets[1]);
        }
        ::close(sockets[1]);
        // The kill comes a random time after a random request: while the agent applies, stores, or answers.
        const auto requests = kill ? random() % 3 : 100;
        const auto later = random() % 4000;
        for (std::size_t served = 0; served <= requests; ++served) {
            pollfd waiting{sockets[0], POLLIN, 0};
            if (::poll(&waiting, 1, served == 0 ? 20'000 : 100) <= 0) break;  // it has nothing more to say
            std::string body;
            if (!receive_text(sockets[0], body)) break;
            transport::Request request;
            request.body = body;
            const auto reply = server.post(request);
            if (!reply || !send_text(sockets[0], reply->body)) break;
            if (server.statuses().size() == ids.size() && !kill) break;
        }
        if (kill) ::usleep(static_cast<useconds_t>(later));
        if (!kill) ::usleep(300'000);
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        kills += kill ? 1 : 0;
        ::close(sockets[0]);
    }
    const auto statuses = server.statuses();
    for (const auto& id : ids) EXPECT_EQ(statuses.at(id), (std::vector<std::string>{"200"})) << id;
    auto agent = Agent::open(places, Purpose::change);
    ASSERT_TRUE(agent);
    EXPECT_TRUE((*agent)->tree().drift()->empty());
    const auto rules = (*agent)->host().passwords.read();
    ASSERT_TRUE(rules);
    EXPECT_EQ(rules->min_length, length);
    EXPECT_EQ(rules->history, history);
    EXPECT_FALSE((*agent)->audit().verify((*agent)->audit_anchor())->broken_at);
}

}  // namespace
}  // namespace steward::app

#include "platform/linux/processes.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <thread>

#include "platform/linux/place.h"

namespace steward::platform {
namespace {

using Time = std::chrono::steady_clock::time_point;

struct Pipe {
    Descriptor read, write;

    static Result<Pipe> open() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed_call("make a pipe", "");
        return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
    }
    // For what a child may leave unread: writing to a pipe that is closed would raise SIGPIPE, which is not ours alone.
    static Result<Pipe> socket() {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
            return failed_call("make a socket pair", "");
        }
        return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
    }
};

// What posix_spawn is told about descriptors and signals, freed with its scope.
class Manner {
  public:
    Manner(int input, int output, int errors) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        sigset_t none;  // the service blocks its signals; its children must not
        ::sigemptyset(&none);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
    }
    ~Manner() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    Manner(const Manner&) = delete;
    Manner& operator=(const Manner&) = delete;

    int spawn(pid_t& child, std::vector<char*>& arguments, std::vector<char*>& environment) const {
        return ::posix_spawn(&child, arguments[0], &actions_, &attributes_, arguments.data(), environment.data());
    }

  private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> list;
    list.reserve(texts.size() + 1);
    for (auto& text : texts) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
}

// Reads what is there; false at the end.
bool take(int file, std::string& text, std::size_t limit) {
    std::array<char, 4096> buffer;
    const ssize_t got = ::read(file, buffer.data(), buffer.size());
    if (got < 0) return errno == EINTR || errno == EAGAIN;
    text.append(buffer.data(), std::min(static_cast<std::size_t>(got), limit - std::min(limit, text.size())));
    return got > 0;
}

// Writes what fits; false when it is done or nobody reads any more.
bool give(int file, std::string_view& input) {
    const ssize_t sent = ::send(file, input.data(), input.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) return errno == EINTR || errno == EAGAIN;
    input.remove_prefix(static_cast<std::size_t>(sent));
    return !input.empty();
}

// Serves the three pipes until the child has closed what it writes to; false when time is up.
bool converse(const Command& command, Pipe& in, Pipe& out, Pipe& err, Ended& ended, Time until) {
    std::string_view input = command.input;
    if (input.empty()) in.write = Descriptor();
    while (out.read.open() || err.read.open()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) return false;
        std::array<pollfd, 3> files{
            {{in.write.number(), POLLOUT, 0}, {out.read.number(), POLLIN, 0}, {err.read.number(), POLLIN, 0}}};
        if (::poll(files.data(), files.size(), static_cast<int>(left.count())) < 0 && errno != EINTR) return false;
        if (files[0].revents != 0 && !give(in.write.number(), input)) in.write = Descriptor();
        if (files[1].revents != 0 && !take(out.read.number(), ended.output, command.limit)) out.read = Descriptor();
        if (files[2].revents != 0 && !take(err.read.number(), ended.errors, command.limit)) err.read = Descriptor();
    }
    return true;
}

// Its end; false when time is up. A child that has closed its output ends within a moment as a rule.
bool wait_for(pid_t child, int& status, Time until) {
    for (std::chrono::milliseconds nap{1};; nap = std::min(2 * nap, std::chrono::milliseconds(50))) {
        const pid_t got = ::waitpid(child, &status, WNOHANG);
        if (got == child) return true;
        if (got < 0 && errno != EINTR) return false;
        if (std::chrono::steady_clock::now() >= until) return false;
        std::this_thread::sleep_for(nap);
    }
}

}  // namespace

Result<Ended> LinuxProcesses::run(const Command& command) {
    auto in = Pipe::socket(), out = Pipe::open(), err = Pipe::open();
    for (const auto* pipe : {&in, &out, &err}) {
        if (!*pipe) return pipe->error();
    }
    std::vector<std::string> arguments = command.arguments;
    std::vector<std::string> environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"};
    for (const auto& [name, value] : command.environment) environment.push_back(name + "=" + value);
    auto argument_list = pointers(arguments), environment_list = pointers(environment);
    const auto& program = command.arguments.front();

    pid_t child = 0;
    const Manner manner(in->read.number(), out->write.number(), err->write.number());
    if (const int failure = manner.spawn(child, argument_list, environment_list); failure != 0) {
        return Error{failure == ENOENT ? Fault::not_found : Fault::io, "The program " + program + " can't be started.",
                     std::strerror(failure)};
    }
    in->read = Descriptor();
    out->write = Descriptor();
    err->write = Descriptor();
    Ended ended;
    int status = 0;
    const auto until = std::chrono::steady_clock::now() + command.deadline;
    if (!converse(command, *in, *out, *err, ended, until) || !wait_for(child, status, until)) {
        ::kill(-child, SIGKILL);
        ::waitpid(child, &status, 0);
        return Error{Fault::timeout,
                     program + " was stopped: it took longer than " +
                         std::to_string(std::chrono::duration_cast<std::chrono::seconds>(command.deadline).count()) +
                         " seconds.",
                     ended.errors};
    }
    ended.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return ended;
}

}  // namespace steward::platform

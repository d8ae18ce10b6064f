// A message bus of a test's own: a real dbus-daemon that lets everybody do everything, gone with its object.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

#include "tests/support/temporary_directory.h"

namespace steward::test {

class PrivateBus {
  public:
    PrivateBus() {
        config_ = directory_.write(
            "bus.conf", "<busconfig><type>session</type><listen>unix:path=" + directory_.below("bus").string() +
                            "</listen><auth>EXTERNAL</auth><policy context=\"default\"><allow send_destination=\"*\" "
                            "eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>");
        start();
    }
    ~PrivateBus() { stop(); }
    PrivateBus(const PrivateBus&) = delete;
    PrivateBus& operator=(const PrivateBus&) = delete;

    bool runs() const { return !address_.empty(); }
    const std::string& address() const { return address_; }
    void start() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
        ::fcntl(ends[1], F_SETFD, 0);
        const std::string option = "--config-file=" + config_, print = "--print-address=" + std::to_string(ends[1]);
        std::array<char*, 5> arguments = {const_cast<char*>("dbus-daemon"), const_cast<char*>("--nofork"),
                                          const_cast<char*>(option.c_str()), const_cast<char*>(print.c_str()), nullptr};
        const bool started = ::posix_spawnp(&process_, "dbus-daemon", nullptr, nullptr, arguments.data(), environ) == 0;
        ::close(ends[1]);
        address_.clear();
        char byte = 0;
        while (started && ::read(ends[0], &byte, 1) == 1 && byte != '\n') address_ += byte;  // listens once it said so
        ::close(ends[0]);
        address_ = address_.substr(0, address_.find(','));  // without the guid, which is another after a restart
        if (!started) process_ = -1;
    }
    void stop() {
        if (process_ <= 0) return;
        ::kill(process_, SIGTERM);
        ::waitpid(process_, nullptr, 0);
        process_ = -1;
    }

  private:
    TemporaryDirectory directory_;
    std::string config_;
    std::string address_;
    pid_t process_ = -1;
};

}  // namespace steward::test

#include "platform/linux/signals.h"

#include <csignal>
#include <utility>

namespace steward::platform {
namespace {

sigset_t ours() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
    return set;
}

}  // namespace

Signals::Signals(std::function<void(Signal)> heard) : heard_(std::move(heard)) {
    const sigset_t set = ours();
    ::pthread_sigmask(SIG_BLOCK, &set, &before_);
    thread_ = std::thread([this] { listen(); });
}

Signals::~Signals() {
    over_ = true;
    ::pthread_kill(thread_.native_handle(), SIGHUP);
    thread_.join();
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Signals::listen() {
    const sigset_t set = ours();
    for (int signal = 0; ::sigwait(&set, &signal) == 0;) {
        if (over_) return;
        heard_(signal == SIGHUP ? Signal::reload : Signal::stop);
    }
}

}  // namespace steward::platform

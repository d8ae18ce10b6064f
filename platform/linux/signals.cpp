// SIGTERM and SIGINT (stop) and SIGHUP (reload), heard by a thread of their own.
#include "platform/signals.h"

#include <pthread.h>

#include <atomic>
#include <csignal>
#include <thread>
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

struct Signals::Ear {
    std::function<void(Signal)> heard;
    std::atomic<bool> over{false};
    sigset_t before{};
    std::thread thread;

    void listen() const {
        const sigset_t set = ours();
        for (int signal = 0; ::sigwait(&set, &signal) == 0;) {
            if (over) return;
            heard(signal == SIGHUP ? Signal::reload : Signal::stop);
        }
    }
};

Signals::Signals(std::function<void(Signal)> heard) : ear_(std::make_unique<Ear>()) {
    ear_->heard = std::move(heard);
    const sigset_t set = ours();
    ::pthread_sigmask(SIG_BLOCK, &set, &ear_->before);
    ear_->thread = std::thread([ear = ear_.get()] { ear->listen(); });
}

Signals::~Signals() {
    ear_->over = true;
    ::pthread_kill(ear_->thread.native_handle(), SIGHUP);
    ear_->thread.join();
    ::pthread_sigmask(SIG_SETMASK, &ear_->before, nullptr);
}

}  // namespace steward::platform

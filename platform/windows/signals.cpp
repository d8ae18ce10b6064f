// The words of the service control manager; at a console Ctrl-C, Ctrl-Break and its closing.
#include "platform/signals.h"

#include <windows.h>

#include <mutex>

#include "platform/windows/service_control.h"

namespace steward::platform {
namespace {

std::mutex console_mutex;
const std::function<void(Signal)>* console_ear = nullptr;

BOOL WINAPI console_control(DWORD) {
    const std::lock_guard lock(console_mutex);
    if (console_ear == nullptr) return FALSE;
    (*console_ear)(Signal::stop);
    return TRUE;
}

void set_console_ear(const std::function<void(Signal)>* ear) {
    const std::lock_guard lock(console_mutex);
    console_ear = ear;
}

}  // namespace

struct Signals::Ear {
    std::function<void(Signal)> heard;
    ServiceEar service{[this](ServiceWord word) {
        if (word == ServiceWord::stop) heard(Signal::stop);
        if (word == ServiceWord::reload) heard(Signal::reload);
    }};
};

Signals::Signals(std::function<void(Signal)> heard) : ear_(new Ear{std::move(heard)}) {
    set_console_ear(&ear_->heard);
    // A service that listened to its console would end whenever a user signs out.
    if (!is_service()) ::SetConsoleCtrlHandler(console_control, TRUE);
}

Signals::~Signals() {
    ::SetConsoleCtrlHandler(console_control, FALSE);
    set_console_ear(nullptr);
}

}  // namespace steward::platform

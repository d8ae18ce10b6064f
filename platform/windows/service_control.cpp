#include "platform/windows/service_control.h"

#include <windows.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

#include "platform/windows/failure.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

constexpr DWORD time_to_start = 120'000, time_to_stop = 60'000;  // milliseconds

// The manager calls functions without an argument of ours, and there is one service in a process.
struct Service {
    std::mutex mutex;
    std::vector<std::function<void(ServiceWord)>*> ears;
    std::wstring name;
    std::function<int()> body;
    std::atomic<SERVICE_STATUS_HANDLE> handle{nullptr};
    int code = 0;

    void say(ServiceWord word) {
        const std::lock_guard lock(mutex);
        for (auto* ear : ears) (*ear)(word);
    }

    void tell(DWORD state, DWORD patience = 0, int ended = 0) {
        if (handle == nullptr) return;
        SERVICE_STATUS status{};
        status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
        status.dwCurrentState = state;
        status.dwControlsAccepted =
            state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PRESHUTDOWN | SERVICE_ACCEPT_PARAMCHANGE |
                                           SERVICE_ACCEPT_SESSIONCHANGE | SERVICE_ACCEPT_POWEREVENT
                                     : 0u;
        status.dwWin32ExitCode = ended == 0 ? NO_ERROR : ERROR_SERVICE_SPECIFIC_ERROR;
        status.dwServiceSpecificExitCode = static_cast<DWORD>(ended);
        status.dwWaitHint = patience;
        status.dwCheckPoint = patience == 0 ? 0u : 1u;
        ::SetServiceStatus(handle, &status);
    }
};

Service& service() {
    static Service one;
    return one;
}

DWORD WINAPI control(DWORD code, DWORD kind, LPVOID, LPVOID) {
    switch (code) {
        case SERVICE_CONTROL_STOP:
        case SERVICE_CONTROL_PRESHUTDOWN:
            service().tell(SERVICE_STOP_PENDING, time_to_stop);
            service().say(ServiceWord::stop);
            return NO_ERROR;
        case SERVICE_CONTROL_PARAMCHANGE:
            service().say(ServiceWord::reload);
            return NO_ERROR;
        case SERVICE_CONTROL_SESSIONCHANGE:
            service().say(ServiceWord::logins_changed);
            return NO_ERROR;
        case SERVICE_CONTROL_POWEREVENT:
            if (kind == PBT_APMRESUMEAUTOMATIC) service().say(ServiceWord::resumed);
            return NO_ERROR;
        case SERVICE_CONTROL_INTERROGATE:
            return NO_ERROR;
        default:
            return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

void WINAPI service_main(DWORD, LPWSTR*) {
    auto& one = service();
    one.handle = ::RegisterServiceCtrlHandlerExW(one.name.c_str(), control, nullptr);
    one.tell(SERVICE_START_PENDING, time_to_start);
    one.code = one.body();
    one.tell(SERVICE_STOPPED, 0, one.code);
}

}  // namespace

Result<int> be_service(const std::string& name, const std::function<int()>& body) {
    auto& one = service();
    one.name = wide(name);
    one.body = body;
    const SERVICE_TABLE_ENTRYW table[] = {{one.name.data(), service_main}, {nullptr, nullptr}};
    if (::StartServiceCtrlDispatcherW(table)) return one.code;
    const auto code = last_error();
    auto error = failed_call("The service control manager did not take this process for a service.", {}, code);
    if (code == ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) error.fault = Fault::refused;
    return error;
}

bool is_service() {
    return service().handle != nullptr;
}

std::string own_service() {
    return is_service() ? narrow(service().name) : std::string();
}

void report_running() {
    service().tell(SERVICE_RUNNING);
}

void report_stopping() {
    service().tell(SERVICE_STOP_PENDING, time_to_stop);
}

ServiceEar::ServiceEar(std::function<void(ServiceWord)> heard) : heard_(std::move(heard)) {
    const std::lock_guard lock(service().mutex);
    service().ears.push_back(&heard_);
}

ServiceEar::~ServiceEar() {
    const std::lock_guard lock(service().mutex);
    std::erase(service().ears, &heard_);
}

}  // namespace steward::platform

#include "platform/windows/services.h"

#include <windows.h>

#include <array>
#include <chrono>
#include <thread>

#include "platform/windows/failure.h"
#include "platform/windows/processes.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

constexpr DWORD time_to_stop = 60'000;  // milliseconds; as long as the service asks for
constexpr const wchar_t* event_sources = L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\";

class Manager {
  public:
    explicit Manager(SC_HANDLE handle) : handle_(handle) {}
    ~Manager() {
        if (handle_ != nullptr) ::CloseServiceHandle(handle_);
    }
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;
    bool open() const { return handle_ != nullptr; }
    SC_HANDLE get() const { return handle_; }

  private:
    SC_HANDLE handle_;
};

Outcome set(const Manager& service, DWORD what, void* to, const char* sentence) {
    if (::ChangeServiceConfig2W(service.get(), what, to)) return {};
    return failed_call(sentence, {});
}

Outcome describe(const Manager& service, const std::wstring& about) {
    SERVICE_DESCRIPTIONW description{const_cast<LPWSTR>(about.c_str())};
    return set(service, SERVICE_CONFIG_DESCRIPTION, &description, "The service could not be given its description.");
}

// A service that fails again and again is not started more often than every five minutes.
Outcome set_recovery(const Manager& service) {
    std::array<SC_ACTION, 3> actions{
        {{SC_ACTION_RESTART, 5'000}, {SC_ACTION_RESTART, 60'000}, {SC_ACTION_RESTART, 300'000}}};
    SERVICE_FAILURE_ACTIONSW recovery{};
    recovery.dwResetPeriod = 24 * 60 * 60;
    recovery.cActions = static_cast<DWORD>(actions.size());
    recovery.lpsaActions = actions.data();
    if (auto done = set(service, SERVICE_CONFIG_FAILURE_ACTIONS, &recovery, "The service's recovery could not be set.");
        !done) {
        return done;
    }
    SERVICE_PRESHUTDOWN_INFO patience{time_to_stop};
    return set(service, SERVICE_CONFIG_PRESHUTDOWN_INFO, &patience, "The service's time to stop could not be set.");
}

Outcome add_event_source(const ServiceSpec& spec) {
    HKEY key = nullptr;
    const auto path = event_sources + wide(spec.name);
    auto code =
        ::RegCreateKeyExW(HKEY_LOCAL_MACHINE, path.c_str(), 0, nullptr, 0, KEY_SET_VALUE, nullptr, &key, nullptr);
    if (code == ERROR_SUCCESS) {
        const auto program = wide(spec.command.front());
        const DWORD types = EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE;
        code =
            ::RegSetValueExW(key, L"EventMessageFile", 0, REG_EXPAND_SZ, reinterpret_cast<const BYTE*>(program.c_str()),
                             static_cast<DWORD>((program.size() + 1) * sizeof(wchar_t)));
        if (code == ERROR_SUCCESS)
            code = ::RegSetValueExW(key, L"TypesSupported", 0, REG_DWORD, reinterpret_cast<const BYTE*>(&types),
                                    sizeof types);
        ::RegCloseKey(key);
    }
    if (code == ERROR_SUCCESS) return {};
    return failed_call("The source for the event log could not be set up.", spec.name,
                       static_cast<unsigned long>(code));
}

bool stopped(const Manager& service) {
    SERVICE_STATUS status{};
    return ::QueryServiceStatus(service.get(), &status) && status.dwCurrentState == SERVICE_STOPPED;
}

Error no_manager() {
    return failed_call("The service control manager does not let us in: run it as an administrator.", {});
}

}  // namespace

std::string own_program() {
    std::wstring path(MAX_PATH, L'\0');
    for (;;) {
        const DWORD size = ::GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
        if (size < path.size()) return narrow({path.data(), size});
        path.resize(2 * path.size());
    }
}

Outcome install_service(const ServiceSpec& spec) {
    const Manager manager(::OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CREATE_SERVICE | SC_MANAGER_CONNECT));
    if (!manager.open()) return no_manager();
    const auto name = wide(spec.name), title = wide(spec.title), line = command_line(spec.command);
    const Manager made(::CreateServiceW(manager.get(), name.c_str(), title.c_str(), SERVICE_ALL_ACCESS,
                                        SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
                                        line.c_str(), nullptr, nullptr, nullptr, nullptr, nullptr));
    const auto code = made.open() ? ERROR_SUCCESS : last_error();
    if (code != ERROR_SUCCESS && code != ERROR_SERVICE_EXISTS)
        return failed_call("The service could not be installed.", spec.name, code);
    const Manager service(::OpenServiceW(manager.get(), name.c_str(), SERVICE_ALL_ACCESS));
    if (!service.open()) return failed_call("The service could not be installed.", spec.name);
    if (code == ERROR_SERVICE_EXISTS &&
        !::ChangeServiceConfigW(service.get(), SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
                                line.c_str(), nullptr, nullptr, nullptr, nullptr, nullptr, title.c_str())) {
        return failed_call("The service of that name could not be changed.", spec.name);
    }
    if (auto done = describe(service, wide(spec.about)); !done) return done;
    if (auto done = set_recovery(service); !done) return done;
    return add_event_source(spec);
}

Outcome uninstall_service(const std::string& name) {
    const Manager manager(::OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
    if (!manager.open()) return no_manager();
    const Manager service(
        ::OpenServiceW(manager.get(), wide(name).c_str(), SERVICE_STOP | SERVICE_QUERY_STATUS | DELETE));
    if (!service.open() && last_error() != ERROR_SERVICE_DOES_NOT_EXIST)
        return failed_call("The service could not be uninstalled.", name);
    if (service.open()) {
        SERVICE_STATUS status{};
        ::ControlService(service.get(), SERVICE_CONTROL_STOP, &status);  // one that does not run refuses
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(time_to_stop);
        while (!stopped(service) && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        if (!stopped(service))
            return Error{Fault::timeout, "The service does not stop, so it was not uninstalled.", name};
        if (!::DeleteService(service.get())) return failed_call("The service could not be uninstalled.", name);
    }
    const auto code = ::RegDeleteTreeW(HKEY_LOCAL_MACHINE, (event_sources + wide(name)).c_str());
    if (code == ERROR_SUCCESS || code == ERROR_FILE_NOT_FOUND) return {};
    return failed_call("The source in the event log could not be removed.", name, static_cast<unsigned long>(code));
}

Outcome start_service(const std::string& name) {
    const Manager manager(::OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
    if (!manager.open()) return no_manager();
    const Manager service(::OpenServiceW(manager.get(), wide(name).c_str(), SERVICE_START));
    if (!service.open()) return failed_call("The service could not be started.", name);
    if (::StartServiceW(service.get(), 0, nullptr) || last_error() == ERROR_SERVICE_ALREADY_RUNNING) return {};
    return failed_call("The service could not be started.", name);
}

}  // namespace steward::platform

// What the service control manager says of a service that was installed.
#include "platform/windows/services.h"

#include <windows.h>

#include <gtest/gtest.h>

#include <vector>

#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

constexpr const wchar_t* name = L"StewardTest";

struct WindowsServices : testing::Test {
    ServiceSpec spec{
        "StewardTest", "A title", "What it does.", {"C:\\Program Files\\x\\steward.exe", "service", "run"}};
    SC_HANDLE manager = ::OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT);

    ~WindowsServices() override {
        (void)uninstall_service(spec.name);
        ::CloseServiceHandle(manager);
    }
    bool there() const {
        SC_HANDLE service = ::OpenServiceW(manager, name, SERVICE_QUERY_CONFIG);
        if (service != nullptr) ::CloseServiceHandle(service);
        return service != nullptr;
    }
    std::wstring command() const {
        SC_HANDLE service = ::OpenServiceW(manager, name, SERVICE_QUERY_CONFIG);
        std::vector<unsigned char> buffer(8192);
        DWORD needed = 0;
        auto* config = reinterpret_cast<QUERY_SERVICE_CONFIGW*>(buffer.data());
        EXPECT_TRUE(::QueryServiceConfigW(service, config, static_cast<DWORD>(buffer.size()), &needed));
        ::CloseServiceHandle(service);
        EXPECT_EQ(config->dwStartType, static_cast<DWORD>(SERVICE_AUTO_START));
        return config->lpBinaryPathName;
    }
    static std::wstring message_file() {
        std::vector<wchar_t> text(1024);
        DWORD size = 2048;
        const auto code = ::RegGetValueW(
            HKEY_LOCAL_MACHINE, L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\StewardTest",
            L"EventMessageFile", RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND, nullptr, text.data(), &size);
        return code == ERROR_SUCCESS ? text.data() : L"none";
    }
};

TEST_F(WindowsServices, ComeChangeAndGo) {
    ASSERT_TRUE(install_service(spec));
    EXPECT_EQ(command(), L"\"C:\\Program Files\\x\\steward.exe\" service run") << "a path with blanks is quoted";
    EXPECT_EQ(message_file(), L"C:\\Program Files\\x\\steward.exe");
    spec.command.push_back("--log");
    spec.command.push_back("debug");
    ASSERT_TRUE(install_service(spec)) << "one that is there becomes the new one";
    EXPECT_TRUE(command().ends_with(L"--log debug"));
    ASSERT_TRUE(uninstall_service(spec.name));
    EXPECT_FALSE(there());
    EXPECT_EQ(message_file(), L"none");
    EXPECT_TRUE(uninstall_service(spec.name)) << "what is not there is uninstalled already";
    EXPECT_EQ(start_service(spec.name).error().fault, Fault::not_found);
}

TEST_F(WindowsServices, TheProgramKnowsWhereItIs) {
    EXPECT_TRUE(own_program().ends_with("test_windows.exe")) << own_program();
}

}  // namespace
}  // namespace steward::platform

#include <windows.h>

#include <lm.h>
#include <winternl.h>

#include <cstdint>

#include "platform/windows/health.h"
#include "platform/windows/library.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

// Of tbs.h, wscapi.h and ntdll, whose declarations not every header has.
struct TpmDeviceInfo {
    std::uint32_t struct_version, tpm_version, interface_type, revision;
};
using GetDeviceInfo = std::uint32_t WINAPI(std::uint32_t size, void* info);
using GetProviderHealth = HRESULT WINAPI(DWORD providers, int* health);
using QuerySystem = NTSTATUS NTAPI(int kind, void* information, ULONG size, ULONG* needed);
constexpr int dma_guard_policy = 202;  // SystemDmaGuardPolicyInformation: one byte

class WindowsHealthCalls final : public HealthCalls {
  public:
    std::optional<int> tpm_version() override {
        auto* const call = library_function<GetDeviceInfo>(L"tbs.dll", "Tbsi_GetDeviceInfo");
        TpmDeviceInfo info{};
        if (call == nullptr || call(sizeof info, &info) != 0) return std::nullopt;
        return info.tpm_version == 1 || info.tpm_version == 2 ? std::optional(static_cast<int>(info.tpm_version))
                                                              : std::nullopt;
    }

    std::optional<bool> dma_guarded() override {
        auto* const call = library_function<QuerySystem>(L"ntdll.dll", "NtQuerySystemInformation");
        std::uint8_t on = 0;
        ULONG needed = 0;
        if (call == nullptr || call(dma_guard_policy, &on, sizeof on, &needed) != 0) return std::nullopt;
        return on != 0;
    }

    std::optional<int> guard(Provider provider) override {
        auto* const call = library_function<GetProviderHealth>(L"wscapi.dll", "WscGetSecurityProviderHealth");
        int health = 0;
        if (call == nullptr || call(static_cast<DWORD>(provider), &health) != S_OK) return std::nullopt;
        return health;
    }

    std::optional<std::string> domain() override {
        LPWSTR name = nullptr;
        NETSETUP_JOIN_STATUS status{};
        if (::NetGetJoinInformation(nullptr, &name, &status) != NERR_Success) return std::nullopt;
        std::optional<std::string> joined;
        if (status == NetSetupDomainName) joined = narrow(name);
        if (status == NetSetupWorkgroupName || status == NetSetupUnjoined) joined = std::string();
        ::NetApiBufferFree(name);
        return joined;
    }
};

}  // namespace

HealthCalls& health_calls() {
    static WindowsHealthCalls calls;
    return calls;
}

}  // namespace steward::platform

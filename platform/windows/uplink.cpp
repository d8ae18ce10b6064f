#include "platform/windows/uplink.h"

#include <windows.h>

#include <netlistmgr.h>

#include <utility>

#include "platform/windows/com.h"
#include "platform/windows/failure.h"

namespace steward::platform {
namespace {

constexpr std::uint32_t unrestricted = 0x1, fixed = 0x2, variable = 0x4;

}  // namespace

Result<std::uint32_t> connection_cost() {
    const ComThread thread;
    Com<INetworkCostManager> manager;
    auto code = ::CoCreateInstance(__uuidof(NetworkListManager), nullptr, CLSCTX_ALL, __uuidof(INetworkCostManager),
                                   manager.raw_place());
    DWORD cost = 0;
    if (SUCCEEDED(code)) code = manager->GetCost(&cost, nullptr);
    if (FAILED(code)) {
        return failed_call("Windows does not tell what the connection costs.", "INetworkCostManager",
                           static_cast<unsigned long>(code));
    }
    return static_cast<std::uint32_t>(cost);
}

Result<Uplink> WindowsUplink::read() {
    auto cost = cost_();
    if (!cost) return std::move(cost).error();
    Uplink uplink;
    if ((*cost & (fixed | variable)) != 0) {
        uplink.metered = true;
    } else if ((*cost & unrestricted) != 0) {
        uplink.metered = false;
    }
    return uplink;
}

Outcome WindowsUplink::write(const Uplink&) {
    return Error{Fault::refused, "What a connection costs is read, not set.", {}};
}

}  // namespace steward::platform

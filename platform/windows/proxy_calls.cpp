#include <windows.h>

#include <winhttp.h>

#include "platform/windows/library.h"
#include "platform/windows/proxy.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

std::string take(LPWSTR text) {
    if (text == nullptr) return {};
    std::string taken = narrow(text);
    ::GlobalFree(text);
    return taken;
}

std::optional<ProxySettings> settings_of(WINHTTP_PROXY_INFO& info) {
    ProxySettings settings;
    settings.proxies = take(info.lpszProxy);
    settings.bypass = take(info.lpszProxyBypass);
    if (info.dwAccessType != WINHTTP_ACCESS_TYPE_NAMED_PROXY) settings.proxies.clear();
    return settings;
}

using GetDefault = BOOL WINAPI(WINHTTP_PROXY_INFO*);
using GetOfAccount = BOOL WINAPI(WINHTTP_CURRENT_USER_IE_PROXY_CONFIG*);
using Open = HINTERNET WINAPI(LPCWSTR, DWORD, LPCWSTR, LPCWSTR, DWORD);
using GetForUrl = BOOL WINAPI(HINTERNET, LPCWSTR, WINHTTP_AUTOPROXY_OPTIONS*, WINHTTP_PROXY_INFO*);
using Close = BOOL WINAPI(HINTERNET);
using SetTimeouts = BOOL WINAPI(HINTERNET, int, int, int, int);
constexpr const wchar_t* library = L"winhttp.dll";
constexpr int patience = 5000;  // ms for each step of getting a script

class WindowsProxyCalls final : public ProxyCalls {
  public:
    std::optional<ProxySettings> of_machine() override {
        auto* const call = library_function<GetDefault>(library, "WinHttpGetDefaultProxyConfiguration");
        WINHTTP_PROXY_INFO info{};
        if (call == nullptr || !call(&info)) return std::nullopt;
        return settings_of(info);
    }

    std::optional<ProxySettings> of_account() override {
        auto* const call = library_function<GetOfAccount>(library, "WinHttpGetIEProxyConfigForCurrentUser");
        WINHTTP_CURRENT_USER_IE_PROXY_CONFIG config{};
        if (call == nullptr || !call(&config)) return std::nullopt;
        return ProxySettings{take(config.lpszAutoConfigUrl), take(config.lpszProxy), take(config.lpszProxyBypass),
                             config.fAutoDetect != FALSE};
    }

    std::optional<ProxySettings> by_script(const std::string& url, const std::string& script) override {
        auto* const open = library_function<Open>(library, "WinHttpOpen");
        auto* const ask = library_function<GetForUrl>(library, "WinHttpGetProxyForUrl");
        auto* const close = library_function<Close>(library, "WinHttpCloseHandle");
        auto* const wait = library_function<SetTimeouts>(library, "WinHttpSetTimeouts");
        if (open == nullptr || ask == nullptr || close == nullptr || wait == nullptr) return std::nullopt;
        const auto session = open(L"Steward", WINHTTP_ACCESS_TYPE_NO_PROXY, nullptr, nullptr, 0);
        if (session == nullptr) return std::nullopt;
        (void)wait(session, patience, patience, patience, patience);
        const auto place = wide(script);
        WINHTTP_AUTOPROXY_OPTIONS options{};
        options.dwFlags = script.empty() ? WINHTTP_AUTOPROXY_AUTO_DETECT : WINHTTP_AUTOPROXY_CONFIG_URL;
        if (script.empty()) options.dwAutoDetectFlags = WINHTTP_AUTO_DETECT_TYPE_DHCP | WINHTTP_AUTO_DETECT_TYPE_DNS_A;
        options.lpszAutoConfigUrl = script.empty() ? nullptr : place.c_str();
        options.fAutoLogonIfChallenged = FALSE;  // the credentials of the machine are for no server of scripts
        WINHTTP_PROXY_INFO info{};
        const bool answered = ask(session, wide(url).c_str(), &options, &info) != FALSE;
        (void)close(session);
        if (!answered) return std::nullopt;
        return settings_of(info);
    }
};

}  // namespace

ProxyCalls& proxy_calls() {
    static WindowsProxyCalls calls;
    return calls;
}

}  // namespace steward::platform

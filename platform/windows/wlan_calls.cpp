#include "platform/windows/wlan_calls.h"

#include <windows.h>

#include <objbase.h>
#include <wlanapi.h>

#include <array>
#include <cstring>
#include <utility>

#include "platform/windows/failure.h"
#include "platform/windows/library.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

constexpr const wchar_t* library = L"wlanapi.dll";
constexpr const wchar_t* cost_library = L"wcmapi.dll";
constexpr DWORD newest_version = 2, plaintext_key = 4;

// Of wcmapi.h, which not every header set has.
constexpr int connection_cost_property = 4;
struct CostData {
    DWORD cost;
    int source;  // 0: default, 1: group policy
};
using SetProperty = DWORD WINAPI(const GUID*, const wchar_t* profile, int property, void*, DWORD size, const BYTE*);
using QueryProperty = DWORD WINAPI(const GUID*, const wchar_t* profile, int property, void*, DWORD* size, BYTE** data);
using FreeCost = void WINAPI(void*);

Error failure(const char* call, DWORD code) {
    auto error = failed_call("The WLAN service did not do what it was asked for.", call, code);
    if (code == ERROR_SERVICE_NOT_ACTIVE) {
        error = {Fault::unsupported, "The WLAN service of this Windows does not run.", call};
    }
    return error;
}

Error no_service() {
    return {Fault::unsupported, "This Windows has no WLAN service, so it knows no wireless networks.", "wlanapi.dll"};
}

template <class Function>
Function* wlan(const char* name) {
    return library_function<Function>(library, name);
}

class Client {
  public:
    Client() {
        auto* const open = wlan<decltype(::WlanOpenHandle)>("WlanOpenHandle");
        DWORD version = 0;
        code_ = open == nullptr ? static_cast<DWORD>(ERROR_PROC_NOT_FOUND)
                                : open(newest_version, nullptr, &version, &handle_);
        free_ = wlan<decltype(::WlanFreeMemory)>("WlanFreeMemory");
    }
    ~Client() {
        auto* const close = wlan<decltype(::WlanCloseHandle)>("WlanCloseHandle");
        if (code_ == ERROR_SUCCESS && close != nullptr) close(handle_, nullptr);
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    Outcome opened() const {
        if (code_ == ERROR_PROC_NOT_FOUND || free_ == nullptr) return no_service();
        return code_ == ERROR_SUCCESS ? Outcome() : failure("WlanOpenHandle", code_);
    }
    HANDLE get() const { return handle_; }
    void free(void* memory) const { free_(memory); }

  private:
    HANDLE handle_ = nullptr;
    DWORD code_ = ERROR_SUCCESS;
    decltype(::WlanFreeMemory)* free_ = nullptr;
};

std::string text_of(const GUID& guid) {
    std::array<wchar_t, 40> text{};
    return ::StringFromGUID2(guid, text.data(), static_cast<int>(text.size())) > 0 ? narrow(text.data())
                                                                                   : std::string();
}

Result<GUID> guid_of(const std::string& text) {
    GUID guid{};
    if (FAILED(::CLSIDFromString(wide(text).c_str(), &guid))) {
        return Error{Fault::not_found, "There is no such wireless adapter.", text};
    }
    return guid;
}

// A call of the library, where there is one, with a client and the adapter's GUID.
template <class Function, class Use>
auto with(const char* name, const std::string& adapter, Use use)
    -> decltype(use(std::declval<const Client&>(), std::declval<Function*>(), std::declval<const GUID&>())) {
    const Client client;
    if (auto opened = client.opened(); !opened) return std::move(opened).error();
    auto* const call = wlan<Function>(name);
    if (call == nullptr) return no_service();
    auto guid = guid_of(adapter);
    if (!guid) return std::move(guid).error();
    return use(client, call, *guid);
}

class WindowsWlan final : public WlanCalls {
  public:
    Result<std::vector<std::string>> interfaces() override {
        const Client client;
        if (auto opened = client.opened(); !opened) return std::move(opened).error();
        auto* const list = wlan<decltype(::WlanEnumInterfaces)>("WlanEnumInterfaces");
        if (list == nullptr) return no_service();
        PWLAN_INTERFACE_INFO_LIST found = nullptr;
        if (const auto code = list(client.get(), nullptr, &found); code != ERROR_SUCCESS) {
            return failure("WlanEnumInterfaces", code);
        }
        std::vector<std::string> adapters;
        for (DWORD i = 0; i < found->dwNumberOfItems; ++i) {
            adapters.push_back(text_of(found->InterfaceInfo[i].InterfaceGuid));
        }
        client.free(found);
        return adapters;
    }

    Result<std::vector<std::string>> profiles(const std::string& adapter) override {
        using List = decltype(::WlanGetProfileList);
        return with<List>("WlanGetProfileList", adapter,
                          [](const Client& client, List* call, const GUID& guid) -> Result<std::vector<std::string>> {
                              PWLAN_PROFILE_INFO_LIST found = nullptr;
                              const auto code = call(client.get(), &guid, nullptr, &found);
                              if (code != ERROR_SUCCESS) return failure("WlanGetProfileList", code);
                              std::vector<std::string> names;
                              for (DWORD i = 0; i < found->dwNumberOfItems; ++i) {
                                  const auto& each = found->ProfileInfo[i];
                                  if (each.dwFlags == 0) names.push_back(narrow(each.strProfileName));
                              }
                              client.free(found);
                              return names;
                          });
    }

    Result<std::optional<std::string>> profile(const std::string& adapter, const std::string& name, Key key) override {
        using Get = decltype(::WlanGetProfile);
        return with<Get>("WlanGetProfile", adapter,
                         [&](const Client& client, Get* call, const GUID& guid) -> Result<std::optional<std::string>> {
                             LPWSTR text = nullptr;
                             DWORD flags = key == Key::told ? plaintext_key : 0, access = 0;
                             const auto code =
                                 call(client.get(), &guid, wide(name).c_str(), nullptr, &text, &flags, &access);
                             if (code == ERROR_NOT_FOUND) return std::optional<std::string>();
                             if (code != ERROR_SUCCESS) return failure("WlanGetProfile", code);
                             auto document = narrow(text);
                             ::SecureZeroMemory(text, std::wcslen(text) * sizeof(wchar_t));
                             client.free(text);
                             return std::optional(std::move(document));
                         });
    }

    Outcome set(const std::string& adapter, const std::string& document) override {
        using Set = decltype(::WlanSetProfile);
        return with<Set>("WlanSetProfile", adapter, [&](const Client& client, Set* call, const GUID& guid) -> Outcome {
            DWORD reason = 0;
            const auto code = call(client.get(), &guid, 0, wide(document).c_str(), nullptr, TRUE, nullptr, &reason);
            if (code == ERROR_SUCCESS) return {};
            auto error = failure("WlanSetProfile", code);
            if (code == ERROR_BAD_PROFILE || code == ERROR_INVALID_PARAMETER) {
                error = {Fault::invalid, "Windows does not take the wireless profile.", words_of_reason(reason)};
            }
            return error;
        });
    }

    Outcome erase(const std::string& adapter, const std::string& name) override {
        using Erase = decltype(::WlanDeleteProfile);
        return with<Erase>("WlanDeleteProfile", adapter,
                           [&](const Client& client, Erase* call, const GUID& guid) -> Outcome {
                               const auto code = call(client.get(), &guid, wide(name).c_str(), nullptr);
                               if (code == ERROR_SUCCESS || code == ERROR_NOT_FOUND) return {};
                               return failure("WlanDeleteProfile", code);
                           });
    }

    Result<std::optional<int>> cost(const std::string& adapter, const std::string& name) override {
        auto guid = guid_of(adapter);
        if (!guid) return std::move(guid).error();
        auto* const query = library_function<QueryProperty>(cost_library, "WcmQueryProperty");
        auto* const free = library_function<FreeCost>(cost_library, "WcmFreeMemory");
        DWORD size = 0;
        BYTE* bytes = nullptr;
        if (query == nullptr || free == nullptr) return std::optional<int>();
        const auto code = query(&*guid, wide(name).c_str(), connection_cost_property, nullptr, &size, &bytes);
        if (code != ERROR_SUCCESS || bytes == nullptr) return std::optional<int>();
        CostData data{};
        const bool whole = size >= sizeof data;
        if (whole) std::memcpy(&data, bytes, sizeof data);
        free(bytes);
        return whole ? std::optional(static_cast<int>(data.cost)) : std::nullopt;
    }

    Outcome set_cost(const std::string& adapter, const std::string& name, int cost) override {
        auto guid = guid_of(adapter);
        if (!guid) return std::move(guid).error();
        auto* const set = library_function<SetProperty>(cost_library, "WcmSetProperty");
        if (set == nullptr) {
            return Error{Fault::unsupported, "This Windows does not let a network's cost be set.", "wcmapi.dll"};
        }
        const CostData data{static_cast<DWORD>(cost), cost == 0 ? 0 : 1};
        const auto code = set(&*guid, wide(name).c_str(), connection_cost_property, nullptr, sizeof data,
                              reinterpret_cast<const BYTE*>(&data));
        return code == ERROR_SUCCESS ? Outcome() : failure("WcmSetProperty", code);
    }

  private:
    static std::string words_of_reason(DWORD reason) {
        auto* const words = wlan<decltype(::WlanReasonCodeToString)>("WlanReasonCodeToString");
        std::array<wchar_t, 512> text{};
        if (words == nullptr || words(reason, static_cast<DWORD>(text.size()), text.data(), nullptr) != ERROR_SUCCESS) {
            return "reason " + std::to_string(reason);
        }
        return narrow(text.data());
    }
};

}  // namespace

WlanCalls& wlan_calls() {
    static WindowsWlan calls;
    return calls;
}

}  // namespace steward::platform

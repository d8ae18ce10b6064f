#include "platform/windows/registry_calls.h"

namespace steward::platform {
namespace {

constexpr REGSAM native_view = KEY_WOW64_64KEY;
constexpr DWORD longest_value_name = 16384;
constexpr DWORD longest_key_name = 256;

}  // namespace

LSTATUS RegistryCalls::open(HKEY parent, const wchar_t* path, REGSAM access, HKEY* key) {
    return ::RegOpenKeyExW(parent, path, 0, access | native_view, key);
}

LSTATUS RegistryCalls::create(HKEY parent, const wchar_t* path, HKEY* key) {
    return ::RegCreateKeyExW(parent, path, 0, nullptr, 0, KEY_READ | KEY_WRITE | native_view, nullptr, key, nullptr);
}

LSTATUS RegistryCalls::query(HKEY key, const wchar_t* name, DWORD* type, std::string& data) {
    data.clear();
    // Whoever else writes may make the value longer between the two looks.
    for (;;) {
        DWORD size = static_cast<DWORD>(data.size());
        const auto answer = ::RegQueryValueExW(key, name, nullptr, type, reinterpret_cast<BYTE*>(data.data()), &size);
        const bool fits = size <= data.size();
        if (answer == ERROR_SUCCESS && fits) {
            data.resize(size);
            return answer;
        }
        if (answer != ERROR_SUCCESS && answer != ERROR_MORE_DATA) return answer;
        data.resize(size);
    }
}

LSTATUS RegistryCalls::set(HKEY key, const wchar_t* name, DWORD type, const std::string& data) {
    return ::RegSetValueExW(key, name, 0, type, reinterpret_cast<const BYTE*>(data.data()),
                            static_cast<DWORD>(data.size()));
}

LSTATUS RegistryCalls::erase(HKEY key, const wchar_t* name) {
    return ::RegDeleteValueW(key, name);
}

LSTATUS RegistryCalls::erase_key(HKEY parent, const wchar_t* path) {
    return ::RegDeleteKeyExW(parent, path, native_view, 0);
}

LSTATUS RegistryCalls::count(HKEY key, DWORD* keys, DWORD* values) {
    return ::RegQueryInfoKeyW(key, nullptr, nullptr, nullptr, keys, nullptr, nullptr, values, nullptr, nullptr, nullptr,
                              nullptr);
}

LSTATUS RegistryCalls::key_name(HKEY key, DWORD index, std::wstring& name) {
    name.resize(longest_key_name);
    DWORD length = longest_key_name;
    const auto answer = ::RegEnumKeyExW(key, index, name.data(), &length, nullptr, nullptr, nullptr, nullptr);
    name.resize(answer == ERROR_SUCCESS ? length : 0);
    return answer;
}

LSTATUS RegistryCalls::value_name(HKEY key, DWORD index, std::wstring& name) {
    name.resize(longest_value_name);
    DWORD length = longest_value_name;
    const auto answer = ::RegEnumValueW(key, index, name.data(), &length, nullptr, nullptr, nullptr, nullptr);
    name.resize(answer == ERROR_SUCCESS ? length : 0);
    return answer;
}

LSTATUS RegistryCalls::flush(HKEY key) {
    return ::RegFlushKey(key);
}

RegistryCalls& registry_calls() {
    static RegistryCalls calls;
    return calls;
}

}  // namespace steward::platform

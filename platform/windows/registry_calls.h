// The calls of Windows that Registry makes, one by one, so that a test can fail the n-th of them for every n.
#pragma once

#include <windows.h>

#include <string>

namespace steward::platform {

// Each call answers ERROR_SUCCESS or what went wrong, as those of Windows. Data are the bytes as they are stored.
struct RegistryCalls {
    virtual ~RegistryCalls() = default;
    virtual LSTATUS open(HKEY parent, const wchar_t* path, REGSAM access, HKEY* key);
    virtual LSTATUS create(HKEY parent, const wchar_t* path, HKEY* key);  // with all that is missing above it
    virtual LSTATUS query(HKEY key, const wchar_t* name, DWORD* type, std::string& data);
    virtual LSTATUS set(HKEY key, const wchar_t* name, DWORD type, const std::string& data);
    virtual LSTATUS erase(HKEY key, const wchar_t* name);
    virtual LSTATUS erase_key(HKEY parent, const wchar_t* path);
    virtual LSTATUS count(HKEY key, DWORD* keys, DWORD* values);
    virtual LSTATUS key_name(HKEY key, DWORD index, std::wstring& name);
    virtual LSTATUS value_name(HKEY key, DWORD index, std::wstring& name);
    virtual LSTATUS flush(HKEY key);
};

RegistryCalls& registry_calls();

}  // namespace steward::platform

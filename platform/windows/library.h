// A function of a DLL that not every Windows has, or that no import library names.
#pragma once

#include <windows.h>

#include <cstring>

namespace steward::platform {

// From the system's own directory only; nullptr: there is none. The DLL stays loaded.
template <class Function>
Function* library_function(const wchar_t* library, const char* name) {
    const HMODULE module = ::LoadLibraryExW(library, nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (module == nullptr) return nullptr;
    const FARPROC found = ::GetProcAddress(module, name);
    Function* function = nullptr;
    static_assert(sizeof function == sizeof found);
    std::memcpy(&function, &found, sizeof function);
    return function;
}

}  // namespace steward::platform

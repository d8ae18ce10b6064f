#include "platform/windows/wide.h"

#include <windows.h>

#include <algorithm>

namespace steward::platform {

std::wstring wide(std::string_view utf8) {
    if (utf8.empty()) return {};
    const int size = static_cast<int>(utf8.size());
    const int length = ::MultiByteToWideChar(CP_UTF8, 0, utf8.data(), size, nullptr, 0);
    std::wstring text(static_cast<std::size_t>(std::max(length, 0)), L'\0');
    ::MultiByteToWideChar(CP_UTF8, 0, utf8.data(), size, text.data(), length);
    return text;
}

std::string narrow(std::wstring_view utf16) {
    if (utf16.empty()) return {};
    const int length = static_cast<int>(utf16.size());
    const int size = ::WideCharToMultiByte(CP_UTF8, 0, utf16.data(), length, nullptr, 0, nullptr, nullptr);
    std::string text(static_cast<std::size_t>(std::max(size, 0)), '\0');
    ::WideCharToMultiByte(CP_UTF8, 0, utf16.data(), length, text.data(), size, nullptr, nullptr);
    return text;
}

std::wstring wide_path(std::string_view path) {
    std::wstring given = wide(path);
    std::replace(given.begin(), given.end(), L'/', L'\\');
    if (given.starts_with(L"\\\\")) return given;  // a share, a pipe, or long already
    const DWORD size = ::GetFullPathNameW(given.c_str(), 0, nullptr, nullptr);
    std::wstring full(size, L'\0');
    full.resize(::GetFullPathNameW(given.c_str(), size, full.data(), nullptr));
    if (full.empty()) return given;
    // Shorter ones stay as they are, as this form takes every name literally.
    constexpr std::size_t longest_plain = 240;
    return full.size() > longest_plain ? L"\\\\?\\" + full : full;
}

}  // namespace steward::platform

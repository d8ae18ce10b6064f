#include "platform/terminal.h"

#include <windows.h>

#include <io.h>

#include "platform/windows/handle.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

HANDLE console_of(int descriptor) {
    const auto handle = reinterpret_cast<HANDLE>(::_get_osfhandle(descriptor));
    DWORD mode = 0;
    return handle != INVALID_HANDLE_VALUE && ::GetConsoleMode(handle, &mode) ? handle : nullptr;
}

}  // namespace

bool is_terminal(int descriptor) {
    return console_of(descriptor) != nullptr;
}

std::optional<std::size_t> drawing_columns(int descriptor) {
    HANDLE console = console_of(descriptor);
    DWORD mode = 0;
    CONSOLE_SCREEN_BUFFER_INFO info{};
    // Colours by escape sequences came with Windows 10.
    if (console == nullptr || !::GetConsoleMode(console, &mode) ||
        !::SetConsoleMode(console, mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING) ||
        ::GetConsoleOutputCP() != CP_UTF8 || !::GetConsoleScreenBufferInfo(console, &info)) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(info.srWindow.Right - info.srWindow.Left + 1);
}

Result<std::string> ask_secretly(const std::string& question) {
    constexpr DWORD access = GENERIC_READ | GENERIC_WRITE, share = FILE_SHARE_READ | FILE_SHARE_WRITE;
    const Handle in(::CreateFileW(L"CONIN$", access, share, nullptr, OPEN_EXISTING, 0, nullptr));
    const Handle out(::CreateFileW(L"CONOUT$", access, share, nullptr, OPEN_EXISTING, 0, nullptr));
    DWORD before = 0;
    if (!in.open() || !out.open() || !::GetConsoleMode(in.get(), &before))
        return Error{Fault::not_found, "There is no terminal to ask at.", {}};
    const auto say = [&](const std::wstring& text) {
        DWORD done = 0;
        ::WriteConsoleW(out.get(), text.data(), static_cast<DWORD>(text.size()), &done, nullptr);
    };
    say(wide(question));
    ::SetConsoleMode(in.get(),
                     (before | ENABLE_LINE_INPUT | ENABLE_PROCESSED_INPUT) & ~static_cast<DWORD>(ENABLE_ECHO_INPUT));
    std::wstring line;
    wchar_t c = 0;
    DWORD got = 0;
    while (::ReadConsoleW(in.get(), &c, 1, &got, nullptr) && got == 1 && c != L'\n') {
        if (c != L'\r') line += c;
    }
    ::SetConsoleMode(in.get(), before);
    say(L"\r\n");
    return narrow(line);
}

}  // namespace steward::platform

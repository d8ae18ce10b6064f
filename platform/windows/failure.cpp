#include "platform/windows/failure.h"

#include <windows.h>

#include <array>
#include <cstdio>

#include "platform/base/text.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

Fault fault_of(unsigned long code) {
    switch (code) {
        case ERROR_ACCESS_DENIED:
        case ERROR_PRIVILEGE_NOT_HELD:
        case static_cast<unsigned long>(E_ACCESSDENIED):
            return Fault::denied;
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND:
        case ERROR_SERVICE_DOES_NOT_EXIST:
            return Fault::not_found;
        case ERROR_ALREADY_EXISTS:
        case ERROR_FILE_EXISTS:
        case ERROR_SERVICE_EXISTS:
            return Fault::exists;
        case ERROR_DISK_FULL:
        case ERROR_HANDLE_DISK_FULL:
            return Fault::full;
        case ERROR_SHARING_VIOLATION:
        case ERROR_LOCK_VIOLATION:
        case ERROR_PIPE_BUSY:
            return Fault::busy;
        case ERROR_TIMEOUT:
        case WAIT_TIMEOUT:
            return Fault::timeout;
        default:
            return Fault::io;
    }
}

}  // namespace

unsigned long last_error() {
    return ::GetLastError();
}

std::string words_of(unsigned long code) {
    std::array<wchar_t, 512> text{};
    const DWORD length =
        ::FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK,
                         nullptr, code, 0, text.data(), static_cast<DWORD>(text.size()), nullptr);
    std::string words(trim(narrow({text.data(), length})));
    while (words.ends_with('.')) words.pop_back();
    std::array<char, 24> number{};
    std::snprintf(number.data(), number.size(), code > 0xFFFF ? "(0x%08lX)" : "(%lu)", code);
    return words + (words.empty() ? "Windows error " : " ") + number.data();
}

Error failed_call(std::string what, std::string_view where, unsigned long code) {
    return {fault_of(code), std::move(what), (where.empty() ? "" : std::string(where) + ": ") + words_of(code)};
}

}  // namespace steward::platform

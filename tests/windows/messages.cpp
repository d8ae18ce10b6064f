// What the event log will show: the texts are in the program itself.
#include <windows.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

TEST(WindowsMessages, EachKindOfEntryShowsTheLineThatWasWritten) {
    const HMODULE program = ::LoadLibraryExW(wide_path(STEWARD_PROGRAM).c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE);
    ASSERT_NE(program, nullptr) << STEWARD_PROGRAM;
    for (const DWORD number : {DWORD{0xC0000001}, DWORD{0x80000002}, DWORD{0x40000003}}) {
        std::vector<wchar_t> text(200);
        DWORD_PTR words[] = {reinterpret_cast<DWORD_PTR>(L"the certificate is renewed")};
        const DWORD length = ::FormatMessageW(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_ARGUMENT_ARRAY, program,
                                              number, 0x409, text.data(), 200, reinterpret_cast<va_list*>(words));
        EXPECT_EQ(narrow({text.data(), length}), "the certificate is renewed\r\n") << std::hex << number;
    }
    ::FreeLibrary(program);
}

}  // namespace
}  // namespace steward::platform

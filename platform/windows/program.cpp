#include "platform/program.h"

#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <shellapi.h>

#include "platform/windows/wide.h"

namespace steward::platform {

// What main() got is in the code page of the system, where half the world's names are question marks.
std::vector<std::string> begin_program(int, char**) {
    for (const int stream : {0, 1, 2}) ::_setmode(stream, _O_BINARY);
    ::SetConsoleOutputCP(CP_UTF8);
    // Libraries next to wherever we were started are not loaded.
    ::SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
    std::vector<std::string> words;
    int count = 0;
    LPWSTR* given = ::CommandLineToArgvW(::GetCommandLineW(), &count);
    for (int i = 1; given != nullptr && i < count; ++i) words.push_back(narrow(given[i]));
    ::LocalFree(given);
    return words;
}

}  // namespace steward::platform

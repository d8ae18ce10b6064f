#include "platform/places.h"

#include <windows.h>

#include <shlobj.h>

#include <filesystem>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/path.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

std::string program_data() {
    PWSTR path = nullptr;
    std::string found = "C:\\ProgramData";
    if (SUCCEEDED(::SHGetKnownFolderPath(FOLDERID_ProgramData, 0, nullptr, &path))) found = narrow(path);
    ::CoTaskMemFree(path);
    return found;
}

}  // namespace

std::string state_directory(const std::string& root) {
    return root == "/" ? program_data() + "\\Steward" : root + "\\ProgramData\\Steward";
}

std::string control_place(const std::string& root) {
    constexpr const char* name = "\\\\.\\pipe\\Steward";
    if (root == "/") return name;
    std::error_code error;
    const auto full = std::filesystem::absolute(path_of(root), error);
    return std::string(name) + "-" + to_hex(sha256(error ? root : text_of(full.lexically_normal()))).substr(0, 16);
}

}  // namespace steward::platform

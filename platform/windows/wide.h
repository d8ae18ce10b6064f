// UTF-8, which Steward speaks, and UTF-16, which Windows does.
#pragma once

#include <string>
#include <string_view>

namespace steward::platform {

std::wstring wide(std::string_view utf8);  // what is no UTF-8 becomes U+FFFD
std::string narrow(std::wstring_view utf16);

// A path for the calls of Windows: absolute, with backslashes, and of any length.
std::wstring wide_path(std::string_view path);

}  // namespace steward::platform

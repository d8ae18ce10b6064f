// Names of files as text in UTF-8, which the standard library takes for another encoding on some systems.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace steward {

inline std::filesystem::path path_of(std::string_view text) {
    return std::u8string(text.begin(), text.end());
}

inline std::string text_of(const std::filesystem::path& path) {
    const auto text = path.u8string();
    return {text.begin(), text.end()};
}

}  // namespace steward

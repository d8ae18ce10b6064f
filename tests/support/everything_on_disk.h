// What whoever copies a directory has in his hands, to look for secrets in it.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace steward::test {

// The bytes of all files below it, one after the other.
inline std::string everything_on_disk(const std::string& directory) {
    std::string bytes;
    for (const auto& file : std::filesystem::recursive_directory_iterator(directory)) {
        std::ifstream in(file.path(), std::ios::binary);
        bytes.append(std::istreambuf_iterator<char>(in), {});
    }
    return bytes;
}

}  // namespace steward::test

// A directory that is empty at first and gone with its object.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace steward::test {

class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        // In memory where that is possible: the code under test syncs every file, which no test has to wait for.
        const auto place = std::filesystem::exists("/dev/shm") && ::access("/dev/shm", W_OK) == 0
                               ? std::filesystem::path("/dev/shm")
                               : std::filesystem::temp_directory_path();
        std::string pattern = (place / "steward-test-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) std::abort();  // no test can say anything without it
        path_ = pattern;
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    std::string path() const { return path_.string(); }

    // Paths mean those below the directory; write() gives the full one.
    std::string write(std::string_view path, std::string_view content) const {
        const auto full = below(path);
        std::filesystem::create_directories(full.parent_path());
        std::ofstream(full, std::ios::binary) << content;
        return full.string();
    }
    std::string read(std::string_view path) const {
        std::ifstream file(below(path), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    bool has(std::string_view path) const { return std::filesystem::exists(below(path)); }
    std::filesystem::path below(std::string_view path) const {
        return path_ / std::filesystem::path(path).relative_path();
    }

  private:
    std::filesystem::path path_;
};

}  // namespace steward::test

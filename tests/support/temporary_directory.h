// A directory that is empty at first and gone with its object.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

namespace steward::test {

class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        // In memory where that is possible: the code under test syncs every file, which no test has to wait for.
        std::random_device chance;
        for (int tries = 0; tries < 100; ++tries) {
            const auto name = "steward-test-" + std::to_string(chance()) + std::to_string(chance());
            std::error_code error;
            for (const auto& place : {std::filesystem::path("/dev/shm"), std::filesystem::temp_directory_path()}) {
                path_ = place / name;
                if (std::filesystem::create_directory(path_, error)) {
                    std::filesystem::permissions(path_, std::filesystem::perms::owner_all, error);
                    return;
                }
            }
        }
        std::abort();  // no test can say anything without it
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

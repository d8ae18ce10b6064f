#include "tests/support/snapshot.h"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace steward::test {
namespace {

namespace fs = std::filesystem;

std::string description(const fs::directory_entry& entry) {
    if (entry.is_symlink()) return "link to " + fs::read_symlink(entry.path()).string();
    const auto mode = std::to_string(static_cast<unsigned>(entry.status().permissions()));
    if (entry.is_directory()) return "directory " + mode;
    std::ifstream file(entry.path(), std::ios::binary);
    return "file " + mode + "\n" + std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

Snapshot snapshot_of(const std::string& directory) {
    Snapshot snapshot;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        snapshot[fs::relative(entry.path(), directory).string()] = description(entry);
    }
    return snapshot;
}

}  // namespace steward::test

#include <sys/stat.h>

#include <filesystem>

#include "tests/support/snapshot.h"

namespace steward::test {

namespace fs = std::filesystem;

Snapshot change_times_of(const std::string& directory) {
    Snapshot snapshot;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        struct stat found {};
        if (::lstat(entry.path().c_str(), &found) != 0) continue;
        snapshot[fs::relative(entry.path(), directory).string()] = std::to_string(found.st_ino) + " " +
                                                                   std::to_string(found.st_ctim.tv_sec) + "." +
                                                                   std::to_string(found.st_ctim.tv_nsec);
    }
    return snapshot;
}

}  // namespace steward::test

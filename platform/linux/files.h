// The files of a device below one root directory: "/" for the machine itself, a private directory for tests and
// demonstrations. Paths are absolute and mean the same in both: a symbolic link, however it is written, is followed
// inside the root and never out of it (as RESOLVE_IN_ROOT of openat2(2), on every kernel).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"
#include "platform/linux/calls.h"

namespace steward::platform {

// What one file is to hold; nullopt: it is not to exist.
struct Change {
    std::string path;
    std::optional<std::string> content;
    mode_t mode = 0644;     // for a new file; an existing one keeps its mode and owner
    std::size_t prune = 0;  // so many directories above a file that goes are taken away too, once they are empty
};

class Files {
  public:
    static constexpr std::size_t default_limit = 1 << 20;

    explicit Files(std::string root, Calls& calls = system_calls()) : root_(std::move(root)), calls_(calls) {}

    const std::string& root() const { return root_; }

    // The whole content; Fault::not_found when there is no such file, Fault::too_large beyond the limit.
    Result<std::string> read(std::string_view path, std::size_t limit = default_limit) const;
    // The same; a file that isn't there is nullopt, not an error.
    Result<std::optional<std::string>> find(std::string_view path, std::size_t limit = default_limit) const;
    // The content without blanks around it; nullopt when there is none or it can't be read. For facts under /sys.
    std::optional<std::string> fact(std::string_view path) const;

    bool exists(std::string_view path) const;                                 // false when it can't be told, too
    Result<bool> present(std::string_view path) const;                        // for those who have to know
    Result<struct stat> stat(std::string_view path) const;                    // of what a link points to
    Result<std::string> link_target(std::string_view path) const;             // the text of a symbolic link
    Result<std::vector<std::string>> list(std::string_view directory) const;  // sorted; Fault::not_found if missing

    // Makes every file what its change says, or none: a file is written beside its place, synced and renamed over it,
    // and when one of several fails those before it are put back. Missing directories are made (0755) and taken away
    // again by undo. After a power cut each file is old or new; what is left of its files under construction goes with
    // the next apply() of the same path, only a directory that was made for a file and is still empty stays. A file
    // that is already right is not touched.
    Outcome apply(std::span<const Change> changes);
    Outcome replace(std::string_view path, std::string_view content);
    Outcome remove(std::string_view path);  // what is not there is already removed

    // How many directories above this path are still to be made.
    Result<std::size_t> missing_directories(std::string_view path) const;

  private:
    std::string root_;
    Calls& calls_;
};

}  // namespace steward::platform

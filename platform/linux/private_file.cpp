#include "platform/private_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace steward::platform {
namespace {

// Of this start of the system, so that what was written before a power cut is told from what was written since.
std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id.empty() ? "this start" : id;
}

class Flock final : public FileLock {
  public:
    explicit Flock(int file) : file_(file) {}
    ~Flock() override {
        if (held_) write(boot_id());
        ::close(file_);
    }
    bool take() {
        if (::flock(file_, LOCK_EX | LOCK_NB) != 0) return false;
        held_ = true;
        std::array<char, 64> before{};
        const auto size = ::pread(file_, before.data(), before.size(), 0);
        left_behind_ = std::string_view(before.data(), size > 0 ? static_cast<std::size_t>(size) : 0) != boot_id();
        write("held");
        return true;
    }
    bool left_behind() const override { return left_behind_; }
    Flock(const Flock&) = delete;
    Flock& operator=(const Flock&) = delete;

  private:
    // Nothing waits for the disk: what a power cut leaves is never of the start after it.
    void write(std::string_view text) const {
        (void)!::ftruncate(file_, 0);
        (void)!::pwrite(file_, text.data(), text.size(), 0);
    }

    int file_;
    bool held_ = false, left_behind_ = false;
};

}  // namespace

Outcome make_private_file(const std::string& path) {
    const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (made < 0) {
        return Error{errno == ENOSPC ? Fault::full : Fault::io, "The file " + path + " can't be made.",
                     std::strerror(errno)};
    }
    ::close(made);
    return {};
}

Outcome make_private_directory(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code error;
    if (!fs::is_directory(path, error)) {
        fs::create_directories(path, error);
        if (!error) fs::permissions(path, fs::perms::owner_all, error);
    }
    if (error || ::access(path.c_str(), R_OK | W_OK | X_OK) != 0) {
        return Error{Fault::denied, "The directory " + path + " can't be used.",
                     error ? error.message() : std::strerror(errno)};
    }
    return {};
}

Result<std::unique_ptr<FileLock>> lock_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return Error{Fault::denied, "The lock " + path + " can't be opened.", std::strerror(errno)};
    auto lock = std::make_unique<Flock>(file);
    if (lock->take()) return std::unique_ptr<FileLock>(std::move(lock));
    return Error{Fault::busy, "Somebody else holds the lock.", path};
}

}  // namespace steward::platform

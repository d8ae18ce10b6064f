#include "platform/private_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace steward::platform {
namespace {

class Flock final : public FileLock {
  public:
    explicit Flock(int file) : file_(file) {}
    ~Flock() override {
        if (held_) (void)!::ftruncate(file_, 0);
        ::close(file_);
    }
    bool take() {
        if (::flock(file_, LOCK_EX | LOCK_NB) != 0) return false;
        held_ = true;
        struct stat before {};
        left_behind_ = ::fstat(file_, &before) == 0 && before.st_size > 0;
        (void)!::pwrite(file_, "1", 1, 0);
        return true;
    }
    bool left_behind() const override { return left_behind_; }
    Flock(const Flock&) = delete;
    Flock& operator=(const Flock&) = delete;

  private:
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

#include "platform/linux/disk.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace steward::platform {
namespace {

constexpr std::size_t portion = 4u << 20;

Error failed(std::string what, const std::string& path) {
    return {errno == EACCES || errno == EPERM ? Fault::denied : Fault::io, std::move(what),
            path + ": " + std::strerror(errno)};
}

}  // namespace

Result<Disk> Disk::open(const std::string& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0) return failed("The disk can't be opened.", path);
    struct stat about {};
    std::uint64_t size = 0;
    const bool known = ::fstat(file, &about) == 0 &&
                       (S_ISBLK(about.st_mode) ? ::ioctl(file, BLKGETSIZE64, &size) == 0 : S_ISREG(about.st_mode));
    if (!known) {
        auto error = failed("What is to be wiped is no disk.", path);
        ::close(file);
        return error;
    }
    if (S_ISREG(about.st_mode)) size = static_cast<std::uint64_t>(about.st_size);
    return Disk(file, size, path);
}

Disk::Disk(Disk&& other) noexcept
    : file_(std::exchange(other.file_, -1)), size_(other.size_), path_(std::move(other.path_)) {}

Disk::~Disk() {
    if (file_ >= 0) ::close(file_);
}

Outcome Disk::overwrite(std::uint64_t from, std::uint64_t to) {
    const std::vector<char> zeros(portion);
    to = std::min(to, size_);
    while (from < to) {
        const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(portion, to - from));
        const ssize_t written = ::pwrite(file_, zeros.data(), length, static_cast<off_t>(from));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0)
            return failed("The disk can't be overwritten from byte " + std::to_string(from) + " on.", path_);
        from += static_cast<std::uint64_t>(written);
    }
    if (::fdatasync(file_) != 0) return failed("What was overwritten did not reach the disk.", path_);
    return {};
}

Outcome Disk::discard() {
    std::array<std::uint64_t, 2> range{0, size_};
    if (::ioctl(file_, BLKDISCARD, range.data()) == 0) return {};
    auto error = failed("The disk can't be told to forget.", path_);
    error.fault = Fault::unsupported;
    return error;
}

}  // namespace steward::platform

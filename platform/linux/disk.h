// A disk as bytes from the first to the last: a block device, or a file that stands for one.
#pragma once

#include <cstdint>
#include <string>

#include "platform/base/result.h"

namespace steward::platform {

class Disk {
  public:
    static Result<Disk> open(const std::string& path);
    ~Disk();
    Disk(Disk&& other) noexcept;
    Disk& operator=(Disk&&) = delete;

    std::uint64_t size() const { return size_; }
    // Zeros, on the disk itself on return.
    Outcome overwrite(std::uint64_t from, std::uint64_t to);
    // Tells the disk that nothing on it is needed; unsupported where it can't be told. What it still holds then is
    // nobody's to say.
    Outcome discard();

  private:
    Disk(int file, std::uint64_t size, std::string path) : file_(file), size_(size), path_(std::move(path)) {}
    int file_;
    std::uint64_t size_;
    std::string path_;
};

}  // namespace steward::platform

// The operating system calls that Files makes, one by one, so that a test can fail the n-th of them for every n.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

namespace steward::platform {

// Each call answers -1 with errno set when it fails, as in POSIX, and is restarted by itself after EINTR.
struct Calls {
    virtual ~Calls() = default;
    virtual int open_at(int directory, const char* name, int flags, mode_t mode);
    virtual ssize_t read(int file, char* buffer, std::size_t size);
    virtual ssize_t write(int file, const char* data, std::size_t size);
    virtual int sync(int file);
    virtual int stat_at(int directory, const char* name, struct stat* found);  // of a link itself, never its target
    virtual ssize_t read_link_at(int directory, const char* name, char* buffer, std::size_t size);
    virtual int set_mode(int file, mode_t mode);
    virtual int set_owner(int file, uid_t user, gid_t group);
    virtual int rename_at(int directory, const char* from, const char* to);
    virtual int unlink_at(int directory, const char* name, int flags);
    virtual int make_directory_at(int directory, const char* name, mode_t mode);
    virtual int list(int directory, std::vector<std::string>& names);  // without "." and ".."
};

Calls& system_calls();

}  // namespace steward::platform

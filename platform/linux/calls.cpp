#include "platform/linux/calls.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <string_view>

namespace steward::platform {
namespace {

template <class Call>
auto restarted(Call call) {
    for (;;) {
        const auto done = call();
        if (done != -1 || errno != EINTR) return done;
    }
}

}  // namespace

int Calls::open_at(int directory, const char* name, int flags, mode_t mode) {
    return restarted([&] { return ::openat(directory, name, flags, mode); });
}

ssize_t Calls::read(int file, char* buffer, std::size_t size) {
    return restarted([&] { return ::read(file, buffer, size); });
}

ssize_t Calls::write(int file, const char* data, std::size_t size) {
    return restarted([&] { return ::write(file, data, size); });
}

int Calls::sync(int file) {
    return restarted([&] { return ::fsync(file); });
}

int Calls::stat_at(int directory, const char* name, struct stat* found) {
    return ::fstatat(directory, name, found, AT_SYMLINK_NOFOLLOW);
}

ssize_t Calls::read_link_at(int directory, const char* name, char* buffer, std::size_t size) {
    return ::readlinkat(directory, name, buffer, size);
}

int Calls::set_mode(int file, mode_t mode) {
    return ::fchmod(file, mode);
}

int Calls::set_owner(int file, uid_t user, gid_t group) {
    return ::fchown(file, user, group);
}

int Calls::rename_at(int directory, const char* from, const char* to) {
    return ::renameat(directory, from, directory, to);
}

int Calls::unlink_at(int directory, const char* name, int flags) {
    return ::unlinkat(directory, name, flags);
}

int Calls::make_directory_at(int directory, const char* name, mode_t mode) {
    return ::mkdirat(directory, name, mode);
}

int Calls::list(int directory, std::vector<std::string>& names) {
    const int own = ::dup(directory);  // closedir() closes what it was given
    if (own == -1) return -1;
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(own), ::closedir);
    if (stream == nullptr) {
        ::close(own);
        return -1;
    }
    for (;;) {
        errno = 0;
        const dirent* entry = ::readdir(stream.get());
        if (entry == nullptr) return errno == 0 ? 0 : -1;
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") names.emplace_back(name);
    }
}

Calls& system_calls() {
    static Calls calls;
    return calls;
}

}  // namespace steward::platform

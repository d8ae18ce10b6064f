// Operating system calls of which the n-th fails: once, or with every one after it, as when the power goes.
#pragma once

#include "platform/linux/calls.h"

#include <cerrno>

namespace steward::test {

class FailingCalls final : public platform::Calls {
  public:
    enum class Then { recovered, dead };

    // 0: none fails.
    void fail(int nth, Then then = Then::recovered) {
        nth_ = nth;
        then_ = then;
        made_ = 0;
    }
    bool failed() const { return nth_ > 0 && made_ >= nth_; }

    int open_at(int directory, const char* name, int flags, mode_t mode) override {
        return fails() ? -1 : Calls::open_at(directory, name, flags, mode);
    }
    ssize_t read(int file, char* buffer, std::size_t size) override {
        return fails() ? -1 : Calls::read(file, buffer, size);
    }
    ssize_t write(int file, const char* data, std::size_t size) override {
        constexpr std::size_t swallow = 40;  // as a full pipe or a signal would have it
        return fails() ? -1 : Calls::write(file, data, size < swallow ? size : swallow);
    }
    int sync(int file) override { return fails() ? -1 : Calls::sync(file); }
    int stat_at(int directory, const char* name, struct stat* found) override {
        return fails() ? -1 : Calls::stat_at(directory, name, found);
    }
    ssize_t read_link_at(int directory, const char* name, char* buffer, std::size_t size) override {
        return fails() ? -1 : Calls::read_link_at(directory, name, buffer, size);
    }
    int set_mode(int file, mode_t mode) override { return fails() ? -1 : Calls::set_mode(file, mode); }
    int set_owner(int file, uid_t user, gid_t group) override {
        return fails() ? -1 : Calls::set_owner(file, user, group);
    }
    int rename_at(int directory, const char* from, const char* to) override {
        return fails() ? -1 : Calls::rename_at(directory, from, to);
    }
    int unlink_at(int directory, const char* name, int flags) override {
        return fails() ? -1 : Calls::unlink_at(directory, name, flags);
    }
    int make_directory_at(int directory, const char* name, mode_t mode) override {
        return fails() ? -1 : Calls::make_directory_at(directory, name, mode);
    }
    int list(int directory, std::vector<std::string>& names) override {
        return fails() ? -1 : Calls::list(directory, names);
    }

  private:
    bool fails() {
        if (nth_ == 0) return false;
        ++made_;
        if (made_ < nth_ || (made_ > nth_ && then_ == Then::recovered)) return false;
        errno = EIO;
        return true;
    }

    int nth_ = 0, made_ = 0;
    Then then_ = Then::recovered;
};

}  // namespace steward::test

// A handle of the operating system, closed with its object.
#pragma once

#include <windows.h>

#include <utility>

namespace steward::platform {

class Handle {
  public:
    Handle() = default;
    explicit Handle(HANDLE handle) : handle_(handle == INVALID_HANDLE_VALUE ? nullptr : handle) {}
    ~Handle() { close(); }
    Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Handle& operator=(Handle&& other) noexcept {
        if (this != &other) {
            close();
            handle_ = std::exchange(other.handle_, nullptr);
        }
        return *this;
    }

    bool open() const { return handle_ != nullptr; }
    HANDLE get() const { return handle_; }
    HANDLE* place() { return &handle_; }  // of an empty one, for calls that fill it in
    void close() {
        if (handle_ != nullptr) ::CloseHandle(std::exchange(handle_, nullptr));
    }

  private:
    HANDLE handle_ = nullptr;
};

}  // namespace steward::platform

// COM: a thread that may use it, objects that are released, and texts of its own kind.
#pragma once

#include <windows.h>

#include <objbase.h>
#include <oleauto.h>

#include <string>
#include <string_view>
#include <utility>

#include "platform/windows/wide.h"

#undef interface  // of COM's headers, which stand above this one: it is a member of Adapter

namespace steward::platform {

// While it lives, its thread may use COM. Made around every use: a thread that has it already loses nothing.
class ComThread {
  public:
    ComThread() : entered_(SUCCEEDED(::CoInitializeEx(nullptr, COINIT_MULTITHREADED))) {}
    ~ComThread() {
        if (entered_) ::CoUninitialize();
    }
    ComThread(const ComThread&) = delete;
    ComThread& operator=(const ComThread&) = delete;

  private:
    bool entered_;  // false: it is of another kind, which will do as well
};

template <class T>
class Com {
  public:
    Com() = default;
    ~Com() { release(); }
    Com(Com&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Com& operator=(Com&& other) noexcept {
        if (this != &other) {
            release();
            object_ = std::exchange(other.object_, nullptr);
        }
        return *this;
    }
    T* get() const { return object_; }
    T* operator->() const { return object_; }
    explicit operator bool() const { return object_ != nullptr; }
    T** place() {
        release();
        return &object_;
    }
    void** raw_place() { return reinterpret_cast<void**>(place()); }

  private:
    void release() {
        if (object_ != nullptr) std::exchange(object_, nullptr)->Release();
    }
    T* object_ = nullptr;
};

class Bstr {
  public:
    Bstr() = default;
    explicit Bstr(std::string_view utf8) : text_(::SysAllocString(wide(utf8).c_str())) {}
    ~Bstr() { ::SysFreeString(text_); }
    Bstr(const Bstr&) = delete;
    Bstr& operator=(const Bstr&) = delete;
    BSTR get() const { return text_; }
    BSTR* place() { return &text_; }  // of an empty one
    std::string text() const { return text_ == nullptr ? std::string() : narrow({text_, ::SysStringLen(text_)}); }

  private:
    BSTR text_ = nullptr;
};

class Variant {
  public:
    Variant() { ::VariantInit(&value_); }
    ~Variant() { ::VariantClear(&value_); }
    Variant(const Variant&) = delete;
    Variant& operator=(const Variant&) = delete;
    VARIANT* place() { return &value_; }
    VARIANT& get() { return value_; }
    const VARIANT& get() const { return value_; }

  private:
    VARIANT value_{};
};

}  // namespace steward::platform

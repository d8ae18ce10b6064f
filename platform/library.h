// A shared library that is opened when something of it is first used, and kept from then on: what a device rarely needs
// then costs neither memory nor start-up time while it doesn't.
#pragma once

#include <string>
#include <type_traits>
#include <utility>

namespace steward::platform {

class Library {
  public:
    explicit Library(std::string name) : name_(std::move(name)) {}  // as the system's loader finds it, "libcurl.so.4"

    // nullptr: this machine has no such library, or the library no such function.
    void* find(const char* symbol) const;

  private:
    std::string name_;
};

// A function of such a library. Where it is missing, calling it does nothing and returns its type's zero.
template <class Function>
class Imported {
  public:
    Imported(const Library& library, const char* symbol)
        : function_(reinterpret_cast<Function*>(library.find(symbol))) {}
    explicit operator bool() const { return function_ != nullptr; }

    template <class... Arguments>
    auto operator()(Arguments... arguments) const {
        using Answer = std::invoke_result_t<Function*, Arguments...>;
        if constexpr (std::is_void_v<Answer>) {
            if (function_ != nullptr) function_(arguments...);
        } else {
            return function_ != nullptr ? function_(arguments...) : Answer{};
        }
    }

  private:
    Function* function_;
};

}  // namespace steward::platform

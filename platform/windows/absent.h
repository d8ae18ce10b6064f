// What Steward can't do here: each says so, and claims nothing.
#pragma once

#include <string>

#include "platform/shapes.h"

namespace steward::platform {

// what: "the health of this device".
inline Error absent(const std::string& what) {
    return {Fault::unsupported, "Steward for Windows can't manage " + what + ".", {}};
}

template <class T>
class AbsentRecord final : public Record<T> {
  public:
    explicit AbsentRecord(std::string what) : what_(std::move(what)) {}
    Result<T> read() override { return absent(what_); }
    Outcome write(const T&) override { return absent(what_); }

  private:
    std::string what_;
};

template <class T>
class AbsentTable final : public Table<T> {
  public:
    explicit AbsentTable(std::string what) : what_(std::move(what)) {}
    // Rows of ours are told, and there are none; what the system has besides can't be told.
    Result<std::vector<std::string>> names() override { return std::vector<std::string>(); }
    Result<T> read(std::string_view) override { return absent(what_); }
    Outcome write(std::string_view, const T&) override { return absent(what_); }
    Outcome erase(std::string_view) override { return absent(what_); }

  private:
    std::string what_;
};

}  // namespace steward::platform

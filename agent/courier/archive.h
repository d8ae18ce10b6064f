// Structs as bytes and back, for two processes of the same program on one machine: numbers of 8 bytes, texts and lists
// behind their length. One description of a struct, fields(archive, it), serves both ways.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/few.h"

namespace steward::courier {

class Packer {
  public:
    template <class... Ts>
    void operator()(const Ts&... all) {
        (put(all), ...);
    }
    std::string take() { return std::move(bytes_); }

  private:
    void put(std::uint64_t number) {
        for (int shift = 0; shift < 64; shift += 8) bytes_ += static_cast<char>(number >> shift & 0xFF);
    }
    void put(std::string_view text) {
        put(std::uint64_t{text.size()});
        bytes_ += text;
    }
    void put(const std::string& text) { put(std::string_view(text)); }
    void put(Instant time) { put(time.time_since_epoch()); }
    template <class Rep, class Period>
    void put(std::chrono::duration<Rep, Period> time) {
        put(static_cast<std::uint64_t>(time.count()));
    }
    template <class T>
    void put(const std::optional<T>& one) {
        put(one.has_value());
        if (one) put(*one);
    }
    template <class A, class B>
    void put(const std::pair<A, B>& both) {
        put(both.first);
        put(both.second);
    }
    template <class T>
    void put(const std::vector<T>& all) {
        put(std::uint64_t{all.size()});
        for (const T& each : all) put(each);
    }
    template <class T>
    void put(const Few<T>& all) {
        put(std::uint64_t{all.size()});
        for (const T& each : all) put(each);
    }
    template <class T>
    void put(const T& one) {
        if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
            put(static_cast<std::uint64_t>(one));
        } else {
            fields(*this, const_cast<T&>(one));  // a description serves both ways; this one only reads
        }
    }

    std::string bytes_;
};

// What the bytes do not say is left as it is, and ok() is false from then on.
class Unpacker {
  public:
    explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

    template <class... Ts>
    bool operator()(Ts&... all) {
        (get(all), ...);
        return ok_;
    }
    bool ok() const { return ok_; }
    bool whole() const { return ok_ && rest_.empty(); }  // all of it was read, and nothing more is there

  private:
    std::uint64_t number() {
        constexpr std::size_t size = 8;
        if (rest_.size() < size) ok_ = false;
        if (!ok_) return 0;
        std::uint64_t value = 0;
        for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(rest_[i]);
        rest_.remove_prefix(size);
        return value;
    }
    // Every element has a byte at least, so that a length that cannot be true costs nothing.
    std::size_t length() {
        const auto value = number();
        if (value > rest_.size()) ok_ = false;
        return ok_ ? static_cast<std::size_t>(value) : 0;
    }
    void get(std::string& text) {
        const auto size = length();
        text = rest_.substr(0, size);
        rest_.remove_prefix(size);
    }
    void get(Instant& time) {
        Instant::duration since{};
        get(since);
        time = Instant(since);
    }
    template <class Rep, class Period>
    void get(std::chrono::duration<Rep, Period>& time) {
        time = std::chrono::duration<Rep, Period>(static_cast<Rep>(number()));
    }
    template <class T>
    void get(std::optional<T>& one) {
        bool is = false;
        get(is);
        one.reset();
        if (is && ok_) get(one.emplace());
    }
    template <class A, class B>
    void get(std::pair<A, B>& both) {
        get(both.first);
        get(both.second);
    }
    template <class T>
    void get(std::vector<T>& all) {
        all.clear();
        for (auto left = length(); left > 0 && ok_; --left) get(all.emplace_back());
    }
    template <class T>
    void get(Few<T>& all) {
        all = {};
        for (auto left = length(); left > 0 && ok_; --left) get(all.emplace_back());
    }
    template <class T>
    void get(T& one) {
        if constexpr (std::is_same_v<T, bool>) {
            const auto value = number();
            ok_ = ok_ && value <= 1;
            one = value == 1;
        } else if constexpr (std::is_enum_v<T>) {
            const auto value = number();
            ok_ = ok_ && value <= static_cast<std::uint64_t>(last_of(T{}));
            if (ok_) one = static_cast<T>(value);
        } else if constexpr (std::is_integral_v<T>) {
            one = static_cast<T>(number());
        } else {
            fields(*this, one);
        }
    }

    std::string_view rest_;
    bool ok_ = true;
};

template <class T>
std::string packed(const T& one) {
    Packer packer;
    packer(one);
    return packer.take();
}

}  // namespace steward::courier

// The bytes of a message while it is written. Unlike std::string it hands out room to write into, so that an element
// costs one check for all its parts.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace steward::syncml {

class Output {
  public:
    std::size_t size() const { return size_; }

    // Where at least this many bytes may be written; they count once end_at() says where they end.
    char* room(std::size_t bytes) {
        if (bytes > bytes_.size() - size_) bytes_.resize(size_ + std::max(bytes, step));
        return bytes_.data() + size_;
    }
    void end_at(const char* end) { size_ = static_cast<std::size_t>(end - bytes_.data()); }

    Output& operator+=(std::string_view text) {
        end_at(std::copy(text.begin(), text.end(), room(text.size())));
        return *this;
    }
    Output& operator+=(char c) {
        *room(1) = c;
        ++size_;
        return *this;
    }
    char& back() { return bytes_[size_ - 1]; }
    void cut(std::size_t size) { size_ = size; }
    void reserve(std::size_t bytes) { bytes_.reserve(bytes); }

    std::string take() {
        bytes_.resize(size_);
        size_ = 0;
        return std::move(bytes_);
    }

  private:
    // std::string fills with zeros what it hands out: in steps that stay in the cache. Its capacity doubles.
    static constexpr std::size_t step = 1024;
    std::string bytes_;  // of which the first size_ are written
    std::size_t size_ = 0;
};

}  // namespace steward::syncml

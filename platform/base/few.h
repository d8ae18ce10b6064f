// A sequence that mostly has one element: that one needs no memory of its own, more of them stand in a vector.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

namespace steward {

template <class T>
class Few {
  public:
    using value_type = T;
    using iterator = T*;
    using const_iterator = const T*;

    Few() = default;
    Few(std::initializer_list<T> all) {
        for (const T& each : all) push_back(each);
    }

    std::size_t size() const { return many_.empty() ? std::size_t{one_.has_value()} : many_.size(); }
    bool empty() const { return size() == 0; }

    T* begin() { return many_.empty() ? (one_ ? &*one_ : nullptr) : many_.data(); }
    T* end() { return begin() + size(); }
    const T* begin() const { return const_cast<Few*>(this)->begin(); }
    const T* end() const { return begin() + size(); }

    T& operator[](std::size_t index) { return begin()[index]; }
    const T& operator[](std::size_t index) const { return begin()[index]; }
    const T& at(std::size_t index) const {
        if (index >= size()) std::abort();
        return begin()[index];
    }
    T& front() { return *begin(); }
    const T& front() const { return *begin(); }
    T& back() { return *(end() - 1); }
    const T& back() const { return *(end() - 1); }

    // References to elements end with the next one that is added.
    template <class... Parts>
    T& emplace_back(Parts&&... parts) {
        if (empty()) return one_.emplace(std::forward<Parts>(parts)...);
        if (many_.empty()) {
            many_.reserve(4);
            many_.push_back(std::move(*one_));
        }
        return many_.emplace_back(std::forward<Parts>(parts)...);
    }
    void push_back(T value) { emplace_back(std::move(value)); }

    bool operator==(const Few& other) const {
        if (size() != other.size()) return false;
        for (std::size_t i = 0; i < size(); ++i) {
            if (!((*this)[i] == other[i])) return false;
        }
        return true;
    }

  private:
    std::optional<T> one_;  // what it held has moved once there are many
    std::vector<T> many_;   // empty, or all elements
};

}  // namespace steward

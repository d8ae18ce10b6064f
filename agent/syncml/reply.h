// Status and Results as views of what they say: they are written by the thousand, and nothing of them need be copied.
// Empty text means "absent", as in message.h.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace steward::syncml {

// A number as text that needs no memory of its own.
class Decimal {
  public:
    explicit Decimal(unsigned number) {
        do text_[--begin_] = static_cast<char>('0' + number % 10);
        while ((number /= 10) != 0);
    }
    Decimal(const Decimal&) = delete;
    Decimal& operator=(const Decimal&) = delete;
    operator std::string_view() const { return {text_.data() + begin_, text_.size() - begin_}; }

  private:
    std::array<char, 10> text_;
    std::size_t begin_ = text_.size();
};

struct Reply {
    std::string_view cmd_id, msg_ref, cmd_ref, cmd;
    // Status only
    const std::string* target_ref = nullptr;
    std::string_view code, original_error;
    std::span<const std::string> texts;  // an Item each
};

struct ReplyItem {  // of Results
    std::string_view source, format, type;
    std::string_view size;                 // of a large object, with its first piece
    std::optional<std::string_view> data;  // engaged and empty: <Data/>
    bool more_data = false;
};

}  // namespace steward::syncml

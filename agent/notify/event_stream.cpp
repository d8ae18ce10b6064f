#include "agent/notify/event_stream.h"

#include <algorithm>
#include <utility>

#include "platform/base/text.h"

namespace steward::notify {

bool EventStream::feed(std::string_view bytes) {
    for (const char byte : bytes) {
        const bool end = byte == '\n' || byte == '\r';
        if (byte == '\n' && std::exchange(after_return_, false)) continue;  // the second half of CR LF
        after_return_ = byte == '\r';
        if (!end) {
            if (pending_.size() == longest_line) return false;
            pending_ += byte;
            continue;
        }
        std::string_view text = pending_;
        if (std::exchange(at_start_, false) && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
        if (!line(text)) return false;
        pending_.clear();
    }
    return true;
}

bool EventStream::line(std::string_view text) {
    if (text.empty()) {
        dispatch();
        return true;
    }
    const auto colon = text.find(':');
    if (colon == 0) return true;  // a comment: only to keep the connection alive
    const auto field = text.substr(0, colon);
    auto value = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "event") {
        type_ = value;
    } else if (field == "data") {
        if (data_.size() + value.size() >= largest_event) return false;
        data_ += value;
        data_ += '\n';
        has_data_ = true;
    } else if (field == "id") {
        if (value.find('\0') == std::string_view::npos && value.size() <= longest_id) id_ = value;
    } else if (field == "retry") {
        const bool digits = std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
        const auto number = digits ? to_integer(value) : std::nullopt;
        constexpr std::int64_t a_day = 86'400'000;
        if (number) retry_ = std::chrono::milliseconds(std::min(*number, a_day));
    }
    return true;
}

void EventStream::dispatch() {
    last_id_ = id_;
    const bool complete = std::exchange(has_data_, false);
    StreamEvent event{type_.empty() ? "message" : std::exchange(type_, {}), std::exchange(data_, {})};
    type_.clear();
    if (!complete) return;
    if (!event.data.empty()) event.data.pop_back();
    heard_(event);
}

}  // namespace steward::notify

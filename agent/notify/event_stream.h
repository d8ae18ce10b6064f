// Server-Sent Events: the lines of an event stream become events. Source: WHATWG HTML, section 9.2.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace steward::notify {

struct StreamEvent {
    std::string type;  // "message" when the server names none
    std::string data;
};

class EventStream {
  public:
    static constexpr std::size_t longest_line = 64u << 10;
    static constexpr std::size_t largest_event = 256u << 10;
    static constexpr std::size_t longest_id = 512;

    explicit EventStream(std::function<void(const StreamEvent&)> heard) : heard_(std::move(heard)) {}

    // Pieces of any size; false when a limit is passed and the stream is of no use any more.
    bool feed(std::string_view bytes);

    const std::string& last_id() const { return last_id_; }                           // for Last-Event-ID
    const std::optional<std::chrono::milliseconds>& retry() const { return retry_; }  // as the server wishes

  private:
    bool line(std::string_view text);
    void dispatch();

    std::function<void(const StreamEvent&)> heard_;
    std::string pending_, type_, data_, id_, last_id_;
    std::optional<std::chrono::milliseconds> retry_;
    bool has_data_ = false, at_start_ = true, after_return_ = false;
};

}  // namespace steward::notify

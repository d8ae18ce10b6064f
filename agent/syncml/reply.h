// Status and Results as views of what they say: they are written by the thousand, and nothing of them need be copied.
// Empty text means "absent", as in message.h.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace steward::syncml {

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

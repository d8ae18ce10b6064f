// The system's own log, for services whose standard error nobody keeps.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace steward::platform {

enum class Weight : std::uint8_t { error, warning, info };

struct EventLog {
    virtual ~EventLog() = default;
    virtual void write(Weight weight, std::string_view line) = 0;
};

// nullptr: whoever started this process keeps what it writes to standard error.
std::unique_ptr<EventLog> own_event_log();

}  // namespace steward::platform

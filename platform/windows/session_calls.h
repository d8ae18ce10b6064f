// The sessions of Windows' terminal services: the seam that tests put a script behind.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/base/result.h"

namespace steward::platform {

struct TerminalSession {
    unsigned id = 0;
    std::string user;            // "LAPTOP7\\anna"; empty: nobody has signed in
    bool at_screen = false;      // connected to a screen, here or far away
    std::optional<bool> locked;  // nullopt: Windows doesn't tell
};

struct SessionCalls {
    virtual ~SessionCalls() = default;
    virtual Result<std::vector<TerminalSession>> list() = 0;
    // The sign-in screen appears; what runs in the session goes on.
    virtual Outcome disconnect(unsigned id) = 0;
};

SessionCalls& session_calls();

}  // namespace steward::platform

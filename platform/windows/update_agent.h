// Windows Update's own agent, asked for what it knows: the seam that tests put a script behind. Source: wuapi.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/result.h"

namespace steward::platform {

struct AgentUpdate {
    std::string id;  // a GUID in lower case
    std::string title;
    bool security = false;
};

// One line of its history.
struct AgentEvent {
    enum class What { succeeded, failed, other };  // of an installation; other: it was taken away, or still goes on
    std::string id, title;
    What what = What::other;
    std::uint32_t code = 0;  // of a failure
    Instant when{};
};

// None of these goes out to the network: they tell what the last search of Windows found.
struct UpdateAgent {
    virtual ~UpdateAgent() = default;
    virtual Result<std::vector<AgentUpdate>> installable() = 0;
    virtual Result<std::vector<AgentUpdate>> waiting_for_restart() = 0;
    virtual Result<std::vector<AgentEvent>> history(int most) = 0;  // the newest first
    virtual Result<std::optional<Instant>> last_search() = 0;       // that succeeded
};

UpdateAgent& update_agent();

}  // namespace steward::platform

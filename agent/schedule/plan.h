// When the next session with a server is due: a pure function of its Poll nodes, the past and this device's place in
// the fleet. Source: DDF DMClient (Poll), protocol sheet 7.5.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "platform/base/clock.h"

namespace steward::schedule {

// One of three stages that follow each other. No interval: the stage does not exist. No count: it never ends.
struct Stage {
    std::int64_t minutes = 0;
    std::int64_t count = 0;
};

struct Poll {
    std::array<Stage, 3> stages{{{15, 10}, {0, 0}, {0, 0}}};  // what the DDF says of nodes that are not set
    bool on_login = false;                                    // whenever somebody signs in
    bool on_first_login = false;                              // when a user signs in for the first time
};

struct Facts {
    Instant now{};
    Instant since{};              // when the account was made or its schedule last changed
    std::optional<Instant> last;  // when the last session began
    double spread = 0;            // [0, 1): this device's place among all that follow the same schedule
    std::chrono::minutes floor{1};
    bool push_works = false;  // the server can wake us: polling is only the safety net
};

struct Due {
    Instant at{};   // not before Facts::now
    int stage = 0;  // 1 to 3; 4: our own daily schedule where the server's comes to an end; 0: the first session
    std::string why;
};

// With no session yet it is due now. A point that was missed is due now. A clock that was set back does not silence
// the device: what lies in the future counts as now. Each point is later by up to a tenth of its interval, by spread.
Due next_session(const Poll& poll, const Facts& facts);

// Why the schedule cannot be what was meant; empty when it can. The daily one is followed then.
std::string objection(const Poll& poll);

}  // namespace steward::schedule

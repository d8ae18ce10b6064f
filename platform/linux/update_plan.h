// Between UpdateRules and what stands in apt's configuration and its timers; no file is touched here.
#pragma once

#include <string>

#include "platform/base/clock.h"
#include "platform/linux/apt.h"
#include "platform/linux/calendar.h"
#include "platform/updates.h"

namespace steward::platform {

// The texts of our drop-ins; an empty one is not needed.
struct UpdateDropIns {
    std::string apt;            // for apt.conf.d
    std::string upgrade_timer;  // for apt-daily-upgrade.timer.d
    std::string lists_timer;    // for apt-daily.timer.d
    std::string own_timer;      // calls us every hour
};

// Which updates have to wait.
struct HoldRules {
    int defer_days = 0;
    bool approval_required = false;
    bool any() const { return defer_days > 0 || approval_required; }
};
HoldRules hold_rules(const UpdateRules& rules);
HoldRules hold_rules(const Apt::Options& options);  // as they were written down, whether anybody obeys them or not

// paused_since: the day that an earlier write put down, for a pause that names none itself.
Result<UpdateDropIns> drop_ins_for(const UpdateRules& rules, Instant now, const std::string& paused_since);

// What the options in force amount to. A mode or pause that we wrote down ourselves counts only while the options agree
// with it.
void read_options(const Apt::Options& options, Instant now, UpdateRules& rules);

// The day of a pause that our own drop-in keeps; empty: there is none.
std::string kept_pause(const Apt::Options& options);

}  // namespace steward::platform

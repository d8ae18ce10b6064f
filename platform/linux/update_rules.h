// What UpdateRules mean on every Linux, whichever package manager goes by them, and the words of ours for what no
// option of a package manager holds.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/base/clock.h"
#include "platform/updates.h"

namespace steward::platform {

AutoUpdate mode_of(const UpdateRules& rules);  // install, when none is asked for
bool installs(AutoUpdate mode);
bool restarts(AutoUpdate mode);
int hour_of(const UpdateRules& rules);              // of the schedule
bool waits_for_deadline(const UpdateRules& rules);  // with every restart
bool within(int hour, int start, int end);          // a window that may go over midnight
std::string clock_text(int hour);                   // "03:00"
Outcome check_active_hours(const UpdateRules& rules);

// Which updates have to wait.
struct HoldRules {
    int defer_days = 0;
    bool approval_required = false;
    bool any() const { return defer_days > 0 || approval_required; }
};
HoldRules hold_rules(const UpdateRules& rules);

// Whether somebody has to look every hour: for days that are counted, or for a restart.
bool needs_hourly_call(const UpdateRules& rules);

// What a package manager does by itself, whoever set it so.
struct AtWork {
    bool looks = false, installs = false;
    std::optional<AutoUpdate> restarts;  // as this mode would
    bool called_hourly = false;          // and we are, every hour
};

// A pause that is asked for: from which day, and whether it holds now.
struct Pause {
    std::string since;  // empty: none was ever named
    bool asked = false, holds = false;
};
// kept_since: the day that an earlier write put down, for a pause that names none itself.
Result<Pause> pause_of(const UpdateRules& rules, Instant now, const std::string& kept_since);

// Our own words: each with the name by which it is kept.
using Words = std::vector<std::pair<std::string_view, std::string>>;
Words words_of(const UpdateRules& rules, const Pause& pause);

// The same read back, from wherever the package manager keeps them.
struct KeptWords {
    std::optional<AutoUpdate> automatic;
    std::optional<int> active_start, active_end, active_longest;
    std::optional<int> deadline_days, grace_days, no_early_restart;
    HoldRules holds;
    std::string paused_since;  // as it stands there
    bool paused = false;

    // What is in force of them. A mode counts only while what is done agrees with it; a pause is in force when nothing
    // is installed for its time, and installing goes on by itself afterwards.
    void give(const AtWork& work, Instant now, UpdateRules& rules) const;

  private:
    bool pause_holds(Instant now) const;
};
KeptWords kept_words(const std::function<std::string(std::string_view name)>& word);

}  // namespace steward::platform

// How and when the operating system installs its updates, and what it says about them: what Policy/Update and the
// Update CSP are made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/clock.h"
#include "platform/listing.h"

namespace steward::platform {

// What happens by itself. Source: DDF Policy, Update/AllowAutoUpdate.
enum class AutoUpdate {
    notify = 0,           // look for updates, install none
    install = 1,          // install, leave the restart to people
    install_and_restart,  // and restart when nobody is signed in
    scheduled,            // and restart at the hour of the schedule
    install_and_restart_at_once,
    off  // don't even look
};

// What is effective is told by read(): a time or a mode that somebody else set in words of their own, which have no
// number here, is nullopt.
struct UpdateRules {
    std::optional<int> automatic;    // the numbers of AutoUpdate
    std::optional<int> day;          // 0: every day, 1: Sunday … 7: Saturday
    std::optional<int> hour;         // 0..23, local time
    std::optional<bool> every_week;  // false: in the weeks below only
    std::optional<bool> first_week;  // of the month: days 1 to 7
    std::optional<bool> second_week;
    std::optional<bool> third_week;
    std::optional<bool> fourth_week;
    std::optional<int> active_start;  // hours between which this device never restarts by itself
    std::optional<int> active_end;
    std::optional<int> active_longest;        // hours that may lie between them
    std::optional<int> detection_hours;       // so often updates are looked for
    std::optional<bool> exclude_drivers;      // firmware packages stay as they are
    std::optional<bool> allow_metered;        // over a connection that costs money, too
    std::optional<bool> paused;               // nothing is installed for 35 days
    std::optional<std::string> paused_since;  // 2026-11-24; absent while paused: from the day it was asked for
    std::optional<int> deadline_days;         // after it was first seen an update is installed, whatever the hour
    std::optional<int> grace_days;            // so long the restart for it waits at least
    std::optional<bool> no_early_restart;     // the device does not restart by itself before these are over
    std::optional<int> defer_days;            // so long after it was first seen an update waits
    std::optional<bool> approval_required;    // only what UpdateLists::approved names is installed
    bool operator==(const UpdateRules&) const = default;
};

// One update of one package, by "name_version".
struct PackageUpdate {
    std::optional<int> kind;              // 1: it mends a security hole, 0: any other; source: DDF Update, Type
    std::optional<std::string> when;      // 2026-11-24T06:12:30Z
    std::optional<std::string> previous;  // the version before
    std::optional<std::string> reason;    // of a failure, for having to restart, or for not being installed yet
};

// A yes to one update.
struct Approval {
    std::optional<std::string> when;  // 2026-11-24T06:12:30Z; told, never set: it begins when the row is written
};

// A service that runs what an update has replaced, by the name of its unit.
struct StaleService {
    std::optional<std::string> reason;
};

struct StaleServices : Listing<StaleService> {
    // Looks with the rights of whoever calls and keeps what it found for all(), which only has somebody called who may.
    virtual Outcome look() = 0;
};

// Lists that the operating system keeps, for reading only: write() and erase() are refused. But for `approved`, which
// is the server's; there a row is a yes, by the name that the update has in the other lists.
struct UpdateLists {
    Table<PackageUpdate>& installable;
    Table<PackageUpdate>& installed;
    Table<PackageUpdate>& failed;
    Table<PackageUpdate>& pending_restart;
    Table<Approval>& approved;
    StaleServices& stale_services;
};

// What is to happen by which time, where UpdateRules has a deadline or holds updates back.
struct UpdateStanding {
    struct Pending {
        std::string update;                // as in UpdateLists::installable
        std::optional<Instant> seen, due;  // when it was first there, and when it is installed at the latest; nullopt:
                                           // no deadline is set, so that nobody keeps count
        std::optional<std::string> held;   // a sentence: why it may not be installed yet
    };
    std::vector<Pending> pending;
    std::optional<Instant> restart_due;  // nullopt: no restart is wanted, or none is forced
};

struct UpdateDeadline {
    virtual ~UpdateDeadline() = default;
    virtual Result<UpdateStanding> standing() = 0;  // changes nothing
    // Keeps back what is new and has to wait; before anybody can install it, so that it takes no longer than a look.
    virtual Outcome hold() = 0;
    // The same; then installs what is due and plans the restart that is due within a day; the operating system has
    // it called every hour while there is something to do. Answers what it did, a sentence each. Takes as long as
    // installing.
    virtual Result<std::vector<std::string>> enforce() = 0;
};

struct UpdateFacts {
    std::optional<std::string> last_scan;  // 2026-11-24T06:12:30Z: last time the lists of packages were fetched
};

}  // namespace steward::platform

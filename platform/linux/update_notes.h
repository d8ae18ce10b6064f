// What is remembered of updates between two looks, in /var/lib/steward. An update goes by "name_version".
#pragma once

#include <map>
#include <optional>
#include <string>

#include "platform/base/clock.h"
#include "platform/linux/files.h"

namespace steward::platform {

using UpdateTimes = std::map<std::string, Instant, std::less<>>;

struct UpdateNotes {
    UpdateTimes seen;                         // when each update that waits was first there
    std::optional<Instant> oldest_installed;  // when the first of those was that wait for a restart
    bool operator==(const UpdateNotes&) const = default;
};

Result<UpdateNotes> kept_notes(const Files& files);
Outcome keep(Files& files, const UpdateNotes& notes);

// Since when each update is approved.
Result<UpdateTimes> kept_approvals(const Files& files);
Outcome keep_approvals(Files& files, const UpdateTimes& approvals);

}  // namespace steward::platform

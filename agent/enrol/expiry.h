// When people are told that a certificate is about to end: the device falls silent with it.
#pragma once

#include <optional>

#include "platform/base/clock.h"

namespace steward::enrol {

// The warning that is due: 30, 14, 7 or 1 days before the end, 0 after it; nullopt: none yet. A certificate of a short
// life warns only in its last third. Whoever calls remembers the last one it told.
std::optional<int> expiry_stage(Instant not_before, Instant not_after, Instant now);

}  // namespace steward::enrol

#include "agent/enrol/expiry.h"

namespace steward::enrol {

std::optional<int> expiry_stage(Instant not_before, Instant not_after, Instant now) {
    if (now >= not_after) return 0;
    if (now < not_before + (not_after - not_before) * 2 / 3) return std::nullopt;
    std::optional<int> stage;
    for (const int days : {30, 14, 7, 1}) {
        if (not_after - now <= std::chrono::days(days)) stage = days;
    }
    return stage;
}

}  // namespace steward::enrol

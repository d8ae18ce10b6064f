#include "agent/schedule/plan.h"

#include <algorithm>

namespace steward::schedule {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Stage daily{24 * 60, 0};
constexpr std::chrono::hours relaxed{8};
constexpr std::int64_t longest_minutes = 366LL * 24 * 60;  // keeps every sum far from overflow

struct Point {
    Instant at;
    bool found = false;
};

// The first point of this stage after `reference`, where the stage begins at `base`.
Point point_after(Instant reference, Instant base, seconds interval, std::int64_t count, double spread) {
    const auto offset = seconds(static_cast<std::int64_t>(spread * static_cast<double>(interval.count()) / 10.0));
    const auto passed = reference - base - offset;
    const std::int64_t n = passed < seconds(0) ? 1 : passed / interval + 1;
    if (count != 0 && n > count) return {};
    return {base + n * interval + offset, true};
}

}  // namespace

std::string objection(const Poll& poll) {
    const bool none =
        std::all_of(poll.stages.begin(), poll.stages.end(), [](const Stage& s) { return s.minutes <= 0; });
    if (!none) return {};
    return "The server's poll schedule has no interval at all; sessions start once a day instead.";
}

Due next_session(const Poll& poll, const Facts& facts) {
    if (!facts.last) return {facts.now, 0, "there was no session yet"};
    const Instant since = std::min(facts.since, facts.now);
    const Instant reference = std::max(since, std::min(*facts.last, facts.now));

    Instant base = since;
    Due due;
    for (int i = 0; i < 4 && due.stage == 0; ++i) {
        const Stage stage = i < 3 ? poll.stages[static_cast<std::size_t>(i)] : daily;
        if (stage.minutes <= 0) continue;
        const auto interval =
            seconds(std::max(minutes(std::min(stage.minutes, longest_minutes)), std::max(facts.floor, minutes(1))));
        const auto count = std::min<std::int64_t>(std::max<std::int64_t>(stage.count, 0), 1'000'000);
        if (const auto point = point_after(reference, base, interval, count, facts.spread); point.found) {
            due.at = point.at;
            due.stage = i + 1;
            due.why = i < 3 ? "poll schedule, set " + std::to_string(i + 1) + ", every " +
                                  std::to_string(interval / minutes(1)) + " min"
                            : "daily schedule of this device";
        }
        base += count * interval;
    }
    if (facts.push_works && due.at < reference + relaxed) {
        due.at = reference + relaxed;
        due.why = "safety net behind the push channel";
    }
    due.at = std::max(due.at, facts.now);
    return due;
}

}  // namespace steward::schedule

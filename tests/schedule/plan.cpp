// TRG-03 and F25: the poll schedule of protocol sheet 7.5, as a table.
#include "agent/schedule/plan.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace steward::schedule {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Instant t0{seconds(1'800'000'000)};

// Runs the schedule as a device without pushes would: each session begins exactly when it is due.
std::vector<std::int64_t> points(const Poll& poll, std::size_t count, double spread = 0) {
    std::vector<std::int64_t> found;
    Facts facts{t0, t0, t0, spread, minutes(1), false};
    while (found.size() < count) {
        const auto due = next_session(poll, facts);
        found.push_back((due.at - t0) / minutes(1));
        facts.last = facts.now = due.at;
    }
    return found;
}

Poll poll_of(std::int64_t i1, std::int64_t n1, std::int64_t i2, std::int64_t n2, std::int64_t i3, std::int64_t n3) {
    Poll poll;
    poll.stages = {{{i1, n1}, {i2, n2}, {i3, n3}}};
    return poll;
}

using Minutes = std::vector<std::int64_t>;

TEST(Plan, TRG_03_F25_the_default_is_ten_times_a_quarter_of_an_hour_and_then_daily) {
    EXPECT_EQ(points({}, 12), (Minutes{15, 30, 45, 60, 75, 90, 105, 120, 135, 150, 150 + 1440, 150 + 2880}));
}

TEST(Plan, TRG_03_F25_the_usual_profile_of_a_server_passes_through_all_three_sets) {
    EXPECT_EQ(points(poll_of(15, 2, 60, 3, 1440, 0), 7), (Minutes{15, 30, 90, 150, 210, 210 + 1440, 210 + 2880}));
}

TEST(Plan, TRG_03_F25_a_first_set_without_end_makes_the_others_void) {
    EXPECT_EQ(points(poll_of(30, 0, 60, 3, 1440, 0), 4), (Minutes{30, 60, 90, 120}));
}

TEST(Plan, TRG_03_F25_a_second_set_without_end_follows_a_finite_first) {
    EXPECT_EQ(points(poll_of(5, 1, 60, 0, 1440, 9), 3), (Minutes{5, 65, 125}));
}

TEST(Plan, TRG_03_F25_a_set_without_interval_is_left_out) {
    EXPECT_EQ(points(poll_of(0, 7, 60, 2, 0, 0), 3), (Minutes{60, 120, 120 + 1440}));
}

TEST(Plan, TRG_03_F25_nothing_infinite_means_a_daily_schedule_behind_the_last_set) {
    EXPECT_EQ(points(poll_of(1, 1, 2, 1, 3, 1), 5), (Minutes{1, 3, 6, 6 + 1440, 6 + 2880}));
}

TEST(Plan, TRG_03_F25_all_zero_is_objected_to_and_replaced_by_the_daily_schedule) {
    const auto nothing = poll_of(0, 0, 0, 0, 0, 0);
    EXPECT_NE(objection(nothing), "");
    EXPECT_EQ(objection(Poll{}), "");
    EXPECT_EQ(points(nothing, 2), (Minutes{1440, 2880}));
}

TEST(Plan, TRG_03_a_device_that_never_had_a_session_has_one_now) {
    Facts facts{t0, t0 - hours(5), std::nullopt, 0.9, minutes(1), true};
    const auto due = next_session({}, facts);
    EXPECT_EQ(due.at, t0);
    EXPECT_EQ(due.stage, 0);
}

TEST(Plan, TRG_03_a_point_that_passed_while_the_device_was_off_is_due_at_once) {
    Facts facts{t0 + hours(40), t0, t0 + minutes(15), 0, minutes(1), false};
    EXPECT_EQ(next_session({}, facts).at, facts.now);
}

TEST(Plan, TRG_03_a_clock_that_was_set_back_does_not_silence_the_device) {
    Facts facts{t0, t0 - hours(1), t0 + hours(24 * 365 * 4), 0, minutes(1), false};
    EXPECT_LE(next_session(poll_of(15, 0, 0, 0, 0, 0), facts).at, t0 + minutes(15));
    facts.since = t0 + hours(24 * 365 * 4);
    EXPECT_LE(next_session(poll_of(15, 0, 0, 0, 0, 0), facts).at, t0 + minutes(15));
}

TEST(Plan, TRG_03_jitter_keeps_the_order_and_stays_below_a_tenth_of_the_interval) {
    const auto poll = poll_of(10, 3, 100, 0, 0, 0);
    const auto plain = points(poll, 30);
    for (const double spread : {0.1, 0.5, 0.999}) {
        const auto spread_out = points(poll, 30, spread);
        for (std::size_t i = 0; i < plain.size(); ++i) {
            EXPECT_GE(spread_out[i], plain[i]);
            EXPECT_LE(spread_out[i], plain[i] + 10);
            if (i > 0) {
                EXPECT_GT(spread_out[i], spread_out[i - 1]);
            }
        }
    }
    EXPECT_NE(points(poll, 30, 0.9).back(), plain.back());
}

TEST(Plan, TRG_03_the_floor_of_local_policy_holds_against_a_hasty_server) {
    Facts facts{t0, t0, t0, 0, minutes(30), false};
    EXPECT_EQ(next_session(poll_of(1, 0, 0, 0, 0, 0), facts).at, t0 + minutes(30));
}

TEST(Plan, TRG_03_a_working_push_channel_relaxes_the_poll_to_every_eight_hours) {
    Facts facts{t0, t0, t0, 0, minutes(1), true};
    EXPECT_EQ(next_session(poll_of(15, 0, 0, 0, 0, 0), facts).at, t0 + hours(8));
    EXPECT_EQ(next_session(poll_of(1440, 0, 0, 0, 0, 0), facts).at, t0 + hours(24)) << "never hastier than the server";
}

TEST(Plan, TRG_03_absurd_numbers_neither_overflow_nor_stop_the_schedule) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    Facts facts{t0, t0, t0, 0.999, minutes(1), false};
    EXPECT_GT(next_session(poll_of(most, most, most, most, most, most), facts).at, t0);
    EXPECT_EQ(next_session(poll_of(-5, -5, -5, -5, -5, -5), facts).stage, 4);
}

TEST(Plan, TRG_03_the_reason_says_which_set_and_how_often) {
    Facts facts{t0, t0, t0, 0, minutes(1), false};
    EXPECT_EQ(next_session(poll_of(0, 0, 60, 0, 0, 0), facts).why, "poll schedule, set 2, every 60 min");
}

}  // namespace
}  // namespace steward::schedule

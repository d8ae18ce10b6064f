#include "agent/transport/retry.h"

#include <gtest/gtest.h>

#include <limits>

namespace steward::transport {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Failure fault(Fault fault) {
    return {fault, 0, {}};
}
Failure http(int status, std::optional<seconds> retry_after = {}) {
    return {{}, status, retry_after};
}

TEST(Retry, OnlyWhatTimeCanHealIsTriedAgain) {
    struct Row {
        Failure failure;
        bool passing;
    };
    const Row rows[] = {
        {fault(Fault::io), true},
        {fault(Fault::timeout), true},
        {fault(Fault::busy), true},
        {fault(Fault::denied), false},
        {fault(Fault::malformed), false},
        {fault(Fault::too_large), false},
        {fault(Fault::not_found), false},
        {http(408), true},
        {http(429), true},
        {http(500), true},
        {http(502), true},
        {http(503), true},
        {http(504), true},
        {http(301), false},
        {http(400), false},
        {http(401), false},
        {http(403), false},
        {http(404), false},
        {http(415), false},
        {http(501), false},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.failure.fault ? "fault" : std::to_string(row.failure.status));
        EXPECT_EQ(passing(row.failure), row.passing);
        EXPECT_EQ(next_wait({}, 1, row.failure, 0.5).has_value(), row.passing);
    }
}

TEST(Retry, WaitsDoubleUpToTheLongestAndJitterCoversAllOfThem) {
    struct Row {
        std::int64_t failures;
        double random;
        std::int64_t wait;
    };
    const RetryPolicy policy{10, milliseconds(16000), milliseconds(100000)};
    const Row rows[] = {
        {1, 0.0, 0},     {1, 0.5, 8000},   {1, 1.0, 16000},   {2, 0.5, 16000},  {2, 1.0, 32000},
        {3, 1.0, 64000}, {4, 1.0, 100000}, {10, 1.0, 100000}, {4, 0.25, 25000}, {1, 7.0, 16000},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(std::to_string(row.failures) + " failures, random " + std::to_string(row.random));
        const auto wait = next_wait(policy, row.failures, fault(Fault::io), row.random);
        ASSERT_TRUE(wait);
        EXPECT_EQ(wait->count(), row.wait);
    }
}

TEST(Retry, GivesUpAfterConnRetryFreqAttempts) {
    EXPECT_TRUE(next_wait({}, 3, fault(Fault::io), 0.5));
    EXPECT_FALSE(next_wait({}, 4, fault(Fault::io), 0.5));
    EXPECT_FALSE(next_wait({0, seconds(1), seconds(1)}, 1, fault(Fault::io), 0.5));
    EXPECT_FALSE(next_wait({}, 0, fault(Fault::io), 0.5));
}

TEST(Retry, RetryAfterComesFirstAndIsBounded) {
    struct Row {
        Failure failure;
        std::int64_t wait;
    };
    const RetryPolicy policy{3, milliseconds(1000), milliseconds(60000)};
    const Row rows[] = {
        {http(429, seconds(30)), 30500},
        {http(503, seconds(30)), 30500},
        {http(503, seconds(0)), 500},
        {http(429, seconds(60)), 60000},
        {http(429, seconds(std::numeric_limits<std::int64_t>::max())), 60000},
        {http(500, seconds(30)), 500},  // only 429 and 503 define it
    };
    for (const Row& row : rows) {
        const auto wait = next_wait(policy, 1, row.failure, 0.5);
        ASSERT_TRUE(wait);
        EXPECT_EQ(wait->count(), row.wait) << row.failure.status;
    }
}

TEST(Retry, SurvivesPoliciesAServerMadeUp) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    const auto huge = next_wait({most, milliseconds(most), milliseconds(most)}, most, fault(Fault::io), 0.0);
    ASSERT_TRUE(huge);
    EXPECT_EQ(huge->count(), 0);
    EXPECT_EQ(next_wait({3, milliseconds(-5), milliseconds(-7)}, 1, fault(Fault::io), 0.5), milliseconds(0));
    EXPECT_EQ(next_wait({3, milliseconds(0), milliseconds(1000)}, 3, fault(Fault::io), 1.0), milliseconds(0));
}

TEST(RetryAfter, ReadsSecondsAndAllHttpDates) {
    const Instant now = std::chrono::sys_days(std::chrono::year(1994) / 11 / 6) + std::chrono::hours(8);
    struct Row {
        const char* text;
        std::optional<seconds> wait;
    };
    const Row rows[] = {
        {"120", seconds(120)},
        {" 0 ", seconds(0)},
        {"-1", std::nullopt},
        {"soon", std::nullopt},
        {"", std::nullopt},
        {"12x", std::nullopt},
        {"Sun, 06 Nov 1994 08:49:37 GMT", seconds(49 * 60 + 37)},
        {"Sunday, 06-Nov-94 08:49:37 GMT", seconds(49 * 60 + 37)},
        {"Sun Nov  6 08:49:37 1994", seconds(49 * 60 + 37)},
        {"Sat, 05 Nov 1994 08:49:37 GMT", seconds(0)},  // it has passed
        {"Sun, 31 Feb 1994 08:49:37 GMT", std::nullopt},
        {"Sun, 06 Nov 1994 08:49:37 GMT and more", std::nullopt},
    };
    for (const Row& row : rows) EXPECT_EQ(parse_retry_after(row.text, now), row.wait) << row.text;
}

}  // namespace
}  // namespace steward::transport

#include "agent/transport/retry.h"

#include <algorithm>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>

#include "platform/base/text.h"

namespace steward::transport {
namespace {

// A date in one of the three forms; the day of the week is not checked against the date.
std::optional<Instant> parse_http_date(std::string_view text) {
    for (const char* form : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"}) {
        std::istringstream in{std::string(text)};
        in.imbue(std::locale::classic());
        std::tm parts{};
        in >> std::get_time(&parts, form);
        if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) continue;
        using namespace std::chrono;
        const year_month_day date{year(parts.tm_year + 1900), month(static_cast<unsigned>(parts.tm_mon + 1)),
                                  day(static_cast<unsigned>(parts.tm_mday))};
        if (!date.ok()) continue;
        return sys_days(date) + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
    }
    return std::nullopt;
}

std::chrono::milliseconds back_off(const RetryPolicy& policy, std::int64_t failures) {
    auto wait = std::clamp(policy.initial, std::chrono::milliseconds(0), policy.longest);
    for (std::int64_t i = 1; i < failures && wait.count() > 0 && wait < policy.longest; ++i) {
        wait = wait > policy.longest / 2 ? policy.longest : wait * 2;
    }
    return wait;
}

}  // namespace

bool passing(const Failure& failure) {
    if (failure.fault) {
        return *failure.fault == Fault::io || *failure.fault == Fault::timeout || *failure.fault == Fault::busy;
    }
    switch (failure.status) {
        case 408:
        case 429:
        case 500:
        case 502:
        case 503:
        case 504:
            return true;
        default:
            return false;
    }
}

std::optional<std::chrono::milliseconds> next_wait(const RetryPolicy& policy, std::int64_t failures,
                                                   const Failure& failure, double random) {
    if (failures < 1 || failures > policy.attempts || !passing(failure)) return std::nullopt;
    const auto longest = std::max(policy.longest, std::chrono::milliseconds(0));
    const auto share = std::clamp(random, 0.0, 1.0) *
                       static_cast<double>(back_off({policy.attempts, policy.initial, longest}, failures).count());
    auto wait = std::chrono::milliseconds(static_cast<std::int64_t>(share));
    if (failure.retry_after && (failure.status == 429 || failure.status == 503)) {
        // Compared in seconds and before adding: a server may name any number of them.
        if (*failure.retry_after >= std::chrono::ceil<std::chrono::seconds>(longest)) return longest;
        wait += *failure.retry_after;
    }
    return std::min(wait, longest);
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, Instant now) {
    const auto text = trim(value);
    if (const auto number = to_integer(text)) {
        if (*number < 0) return std::nullopt;
        return std::chrono::seconds(*number);
    }
    const auto moment = parse_http_date(text);
    if (!moment) return std::nullopt;
    return std::max(*moment - now, std::chrono::seconds(0));
}

}  // namespace steward::transport

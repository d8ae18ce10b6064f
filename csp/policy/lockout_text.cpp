#include "csp/policy/lockout_text.h"

#include <optional>

#include "platform/base/text.h"

namespace steward::csp {
namespace {

constexpr std::string_view duration_name = "AccountLockoutDuration";
constexpr std::string_view threshold_name = "AccountLockoutThreshold";
constexpr std::string_view reset_name = "ResetAccountLockoutCounterAfter";

}  // namespace

Result<platform::Lockout> parse_lockout(std::string_view text) {
    const Error wrong{Fault::invalid,
                      std::string("The lockout policy is not acceptable: ") + lockout_expected + " is expected.",
                      std::string(text.substr(0, 120))};
    std::optional<std::int64_t> duration, threshold, reset;
    for (const auto part : split(text, ',')) {
        const auto colon = part.find(':');
        if (colon == std::string_view::npos) return wrong;
        const auto name = trim(part.substr(0, colon));
        auto* target = same_ignoring_case(name, duration_name)    ? &duration
                       : same_ignoring_case(name, threshold_name) ? &threshold
                       : same_ignoring_case(name, reset_name)     ? &reset
                                                                  : nullptr;
        const auto number = to_integer(trim(part.substr(colon + 1)));
        if (target == nullptr || target->has_value() || !number) return wrong;
        *target = number;
    }
    if (!duration || !threshold || !reset) return wrong;
    const bool in_range = *duration >= 0 && *duration <= 99999 && *threshold >= 0 && *threshold <= 999 && *reset >= 1 &&
                          *reset <= 99999 && (*duration == 0 || *reset <= *duration);
    if (!in_range) return wrong;
    return platform::Lockout{static_cast<int>(*threshold), static_cast<int>(*duration), static_cast<int>(*reset)};
}

std::string lockout_text(const platform::Lockout& lockout) {
    return std::string(duration_name) + ":" + std::to_string(lockout.duration_minutes) + ", " +
           std::string(threshold_name) + ":" + std::to_string(lockout.threshold) + ", " + std::string(reset_name) +
           ":" + std::to_string(lockout.reset_minutes);
}

Outcome is_lockout_policy(std::string_view text) {
    auto lockout = parse_lockout(text);
    if (!lockout) return std::move(lockout).error();
    return {};
}

}  // namespace steward::csp

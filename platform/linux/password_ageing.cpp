// Password ageing through login.defs, which useradd and its kin copy into every account they make, and through the
// lines of /etc/shadow for accounts that exist. What is in force is the weakest of them. Source: login.defs(5).
#include <algorithm>
#include <string>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/account_ageing.h"
#include "platform/linux/conf_file.h"
#include "platform/linux/password_places.h"

namespace steward::platform {
namespace {

constexpr std::string_view path = "/etc/login.defs";
constexpr std::string_view max_key = "PASS_MAX_DAYS";
constexpr std::string_view min_key = "PASS_MIN_DAYS";
constexpr int never = 99999;  // what the shadow tools take for "no limit"

Outcome plan(const Files& files, const PasswordRules& rules, std::vector<Change>& changes) {
    const int longest = rules.expiration_days.value_or(0);
    if (longest > 0 && rules.minimum_age_days.value_or(0) >= longest) {
        return Error{Fault::invalid,
                     "A password would have to be kept for " + std::to_string(*rules.minimum_age_days) +
                         " days but expires after " + std::to_string(longest) + ".",
                     ""};
    }
    auto text = files.find(path);
    if (!text) return std::move(text).error();
    std::vector<Assignment> ours;
    if (rules.expiration_days) ours.push_back({std::string(max_key), std::to_string(longest > 0 ? longest : never)});
    if (rules.minimum_age_days) ours.push_back({std::string(min_key), std::to_string(*rules.minimum_age_days)});
    if (!*text && !ours.empty()) {
        return Error{Fault::unsupported, "This device has no login.defs, so its tools set no password ageing.",
                     std::string(path)};
    }
    changes.push_back({std::string(path), ConfFile(ConfFile::Style::blank, *text).with(ours)});
    return plan_account_ages(files, rules, changes);
}

std::optional<int> days(const ConfFile& file, std::string_view key) {
    const auto text = file.value(key);
    if (!text) return 0;
    const auto number = to_integer(*text);
    if (!number) return std::nullopt;
    return *number < 0 || *number >= never ? 0 : static_cast<int>(*number);
}

Outcome read(const Files& files, PasswordRules& rules) {
    auto text = files.find(path);
    if (!text) return std::move(text).error();
    const ConfFile file(ConfFile::Style::blank, *text);
    rules.expiration_days = days(file, max_key);
    rules.minimum_age_days = days(file, min_key);
    auto ages = account_ages(files);
    if (!ages) return std::move(ages).error();
    if (ages->longest && rules.expiration_days) {
        const bool weaker = *ages->longest == 0 || *ages->longest > *rules.expiration_days;
        if (weaker && *rules.expiration_days != 0) rules.expiration_days = ages->longest;
    }
    if (ages->shortest && rules.minimum_age_days) {
        rules.minimum_age_days = std::min(*rules.minimum_age_days, *ages->shortest);
    }
    return {};
}

}  // namespace

const PasswordPlace password_ageing = {read, plan};

}  // namespace steward::platform

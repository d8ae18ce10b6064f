#include "platform/windows/passwords.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace steward::platform {
namespace {

constexpr std::string_view system_key = R"(SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System)";
constexpr std::string_view inactivity = "InactivityTimeoutSecs";
constexpr std::string_view failed_attempts = "MaxDevicePasswordFailedAttempts";
constexpr std::string_view sam_key = R"(SYSTEM\CurrentControlSet\Control\SAM)";
constexpr std::string_view relax = "RelaxMinimumPasswordLengthLimits";
constexpr std::string_view exchange_key = R"(SYSTEM\CurrentControlSet\Control\EAS\Policies)";
constexpr std::string_view notes = R"(SOFTWARE\Steward\Originals\Accounts)";
constexpr std::size_t keys_of_notes = 3;

constexpr std::uint32_t day = 86400, minute = 60;
constexpr int plain_length = 14;  // beyond it the limits have to be relaxed first
constexpr int longest_history = 24, fewest_attempts = 4;
constexpr int kinds_of_complexity = 3;

Error unsupported(std::string what) {
    return {Fault::unsupported, std::move(what), {}};
}

std::optional<std::uint32_t> wanted_length(const PasswordRules& rules) {
    if (!rules.min_length && !rules.required.value_or(false)) return std::nullopt;
    const int least = rules.required.value_or(false) ? 1 : 0;
    return static_cast<std::uint32_t>(std::max(rules.min_length.value_or(0), least));
}

std::optional<std::uint32_t> wanted_complexity(const PasswordRules& rules) {
    if (rules.complexity.value_or(false) || rules.complex_characters.value_or(1) == kinds_of_complexity) return 1;
    return std::nullopt;  // what an administrator demands beyond the policy stays
}

std::uint32_t minutes_or_for_ever(int minutes) {
    return minutes == 0 ? for_ever : static_cast<std::uint32_t>(minutes) * minute;
}

int minutes_of(std::uint32_t seconds) {
    return seconds == for_ever ? 0 : static_cast<int>((seconds + minute - 1) / minute);
}

int days_of(std::uint32_t seconds) {
    return seconds == for_ever ? 0 : static_cast<int>((seconds + day - 1) / day);
}

}  // namespace

// Members of the policy of accounts, each with the name under which what it was before us is noted.
struct AccountMember {
    std::string_view name;
    std::optional<std::uint32_t> (*wanted)(const PasswordRules& rules);
    std::uint32_t PasswordModals::*of_passwords;
    std::uint32_t LockoutModals::*of_lockout;
    std::uint32_t property;

    template <class State>
    std::uint32_t get(const State& state) const {
        if (of_passwords != nullptr) return state.passwords.*of_passwords;
        if (of_lockout != nullptr) return state.lockout.*of_lockout;
        return (state.properties.value_or(0) & property) != 0 ? 1 : 0;
    }
    template <class State>
    void set(State& state, std::uint32_t value) const {
        if (of_passwords != nullptr) {
            state.passwords.*of_passwords = value;
        } else if (of_lockout != nullptr) {
            state.lockout.*of_lockout = value;
        } else if (state.properties) {
            state.properties = value != 0 ? *state.properties | property : *state.properties & ~property;
        }
    }
};

namespace {

using Rules = const PasswordRules&;
using Number = std::optional<std::uint32_t>;

const AccountMember members[] = {
    {"MinimumLength", wanted_length, &PasswordModals::min_length, nullptr, 0},
    {"MaximumAge",
     [](Rules rules) -> Number {
         if (!rules.expiration_days) return std::nullopt;
         return *rules.expiration_days == 0 ? for_ever : static_cast<std::uint32_t>(*rules.expiration_days) * day;
     },
     &PasswordModals::max_age, nullptr, 0},
    {"MinimumAge",
     [](Rules rules) -> Number {
         if (!rules.minimum_age_days) return std::nullopt;
         return static_cast<std::uint32_t>(*rules.minimum_age_days) * day;
     },
     &PasswordModals::min_age, nullptr, 0},
    {"History",
     [](Rules rules) -> Number {
         if (!rules.history) return std::nullopt;
         return static_cast<std::uint32_t>(*rules.history);
     },
     &PasswordModals::history, nullptr, 0},
    {"LockoutThreshold",
     [](Rules rules) -> Number {
         if (!rules.lockout) return std::nullopt;
         return static_cast<std::uint32_t>(rules.lockout->threshold);
     },
     nullptr, &LockoutModals::threshold, 0},
    {"LockoutDuration",
     [](Rules rules) -> Number {
         if (!rules.lockout) return std::nullopt;
         return minutes_or_for_ever(rules.lockout->duration_minutes);
     },
     nullptr, &LockoutModals::duration, 0},
    {"LockoutWindow",
     [](Rules rules) -> Number {
         if (!rules.lockout || rules.lockout->reset_minutes == 0) return std::nullopt;
         return static_cast<std::uint32_t>(rules.lockout->reset_minutes) * minute;
     },
     nullptr, &LockoutModals::window, 0},
    {"Complexity", wanted_complexity, nullptr, nullptr, password_complex},
    {"LockAdministrators",
     [](Rules rules) -> Number {
         if (!rules.lock_administrator) return std::nullopt;
         return *rules.lock_administrator ? 1 : 0;
     },
     nullptr, nullptr, password_lockout_administrators},
};

}  // namespace

// The engine of Exchange ActiveSync has rules of its own, in numbers that nobody has written down.
bool WindowsPasswords::exchange_rules() const {
    const auto values = registry_.values(exchange_key);
    return !values || !values->empty();
}

Result<WindowsPasswords::State> WindowsPasswords::state() {
    State state;
    auto passwords = accounts_.passwords();
    if (!passwords) return std::move(passwords).error();
    state.passwords = *passwords;
    auto lockout = accounts_.lockout();
    if (!lockout) return std::move(lockout).error();
    state.lockout = *lockout;
    const auto properties = accounts_.properties();
    if (properties) state.properties = *properties;
    if (!properties && properties.error().fault != Fault::unsupported) return properties.error();
    return state;
}

Result<PasswordRules> WindowsPasswords::read() {
    auto state = this->state();
    if (!state) return std::move(state).error();
    auto exempt = accounts_.exempt();
    if (!exempt) return std::move(exempt).error();
    PasswordRules rules;
    rules.required = state->passwords.min_length > 0 && exempt->empty();
    rules.min_length = static_cast<int>(state->passwords.min_length);
    rules.history = static_cast<int>(state->passwords.history);
    rules.expiration_days = days_of(state->passwords.max_age);
    rules.minimum_age_days = days_of(state->passwords.min_age);
    rules.lockout = Lockout{static_cast<int>(state->lockout.threshold), minutes_of(state->lockout.duration),
                            minutes_of(state->lockout.window)};
    if (state->properties) {
        rules.complexity = (*state->properties & password_complex) != 0;
        rules.lock_administrator = (*state->properties & password_lockout_administrators) != 0;
    }
    if (!exchange_rules()) {
        if (rules.complexity) rules.complex_characters = *rules.complexity ? kinds_of_complexity : 1;
        rules.alphanumeric = false;
        rules.allow_simple = true;
    }
    for (const auto& [name, member] : {std::pair(inactivity, &PasswordRules::inactivity_minutes),
                                       std::pair(failed_attempts, &PasswordRules::max_failed_attempts)}) {
        auto value = registry_.find(system_key, name);
        if (!value) return std::move(value).error();
        const auto number = *value ? number_in(**value) : 0;
        if (number) rules.*member = name == inactivity ? minutes_of(*number) : static_cast<int>(*number);
    }
    if (rules.max_failed_attempts.value_or(0) > 0) {
        const auto sealed = sealed_();
        if (!sealed) rules.max_failed_attempts.reset();
        if (sealed && !*sealed) rules.max_failed_attempts = 0;  // Windows ignores the value then
    }
    return rules;
}

Outcome WindowsPasswords::possible(const PasswordRules& managed, const State& now) {
    if (managed.alphanumeric.value_or(false)) {
        return unsupported("Windows can't ask for digits and letters alone: ask for PasswordComplexity instead.");
    }
    if (!managed.allow_simple.value_or(true)) {
        return unsupported(
            "Windows can't refuse 1111, 1234 or words of a dictionary in the passwords of its accounts.");
    }
    const int kinds = managed.complex_characters.value_or(1);
    if (kinds != 1 && kinds != kinds_of_complexity) {
        return unsupported("Windows asks for three kinds of characters or for none, not for " + std::to_string(kinds) +
                           ".");
    }
    if (managed.history.value_or(0) > longest_history) {
        return unsupported("Windows remembers 24 earlier passwords at most.");
    }
    if ((wanted_complexity(managed) || managed.lock_administrator) && !now.properties) {
        return unsupported("This Windows does not tell what its passwords are made of.");
    }
    const int attempts = managed.max_failed_attempts.value_or(0);
    if (attempts > 0 && attempts < fewest_attempts) {
        return unsupported("Windows locks the device after 4 failed sign-ins at the earliest.");
    }
    if (attempts > 0) {
        auto sealed = sealed_();
        if (!sealed) return std::move(sealed).error();
        if (!*sealed) {
            return unsupported(
                "Windows locks a device after failed sign-ins only where BitLocker protects the system volume; "
                "AccountLockoutPolicy locks accounts without it.");
        }
    }
    if (managed.required.value_or(false)) {
        auto exempt = accounts_.exempt();
        if (!exempt) return std::move(exempt).error();
        if (!exempt->empty()) {
            return unsupported("The account \"" + exempt->front() +
                               "\" may have an empty password: take that right from it first.");
        }
    }
    return {};
}

// The three calls that set them, of which what was done is put back when a later one fails.
Outcome WindowsPasswords::change(const State& from, const State& to) {
    const bool passwords = !(from.passwords == to.passwords), lockout = !(from.lockout == to.lockout);
    if (passwords) {
        if (auto set = accounts_.set_passwords(to.passwords); !set) return set;
    }
    Outcome set;
    if (lockout) set = accounts_.set_lockout(to.lockout);
    if (set && to.properties && from.properties != to.properties) {
        set = accounts_.set_properties(*to.properties);
        if (!set && lockout) (void)accounts_.set_lockout(from.lockout);
    }
    if (!set && passwords) (void)accounts_.set_passwords(from.passwords);
    return set;
}

Outcome WindowsPasswords::write(const PasswordRules& managed) {
    auto now = state();
    if (!now) return std::move(now).error();
    if (auto can = possible(managed, *now); !can) return can;

    State target = *now;
    std::vector<Setting> remember, forget;
    for (const auto& member : members) {
        auto note = registry_.find(notes, member.name);
        if (!note) return std::move(note).error();
        const auto before = *note ? number_in(**note) : std::nullopt;
        const auto wanted = member.wanted(managed);
        if (wanted) {
            if (!before) remember.push_back({std::string(notes), std::string(member.name), dword(member.get(*now))});
            member.set(target, *wanted);
        } else if (before) {
            forget.push_back({std::string(notes), std::string(member.name), std::nullopt, keys_of_notes});
            member.set(target, *before);
        }
    }
    const auto seconds = [](int minutes) { return dword(static_cast<std::uint32_t>(minutes) * minute); };
    std::vector<Setting> values;
    if (managed.inactivity_minutes) {
        values.push_back({std::string(system_key), std::string(inactivity), seconds(*managed.inactivity_minutes)});
    }
    if (managed.max_failed_attempts) {
        values.push_back({std::string(system_key), std::string(failed_attempts),
                          dword(static_cast<std::uint32_t>(*managed.max_failed_attempts))});
    }
    // The limits are relaxed before a long length comes, and tightened after it has gone.
    auto meanwhile = values;
    const Setting relaxed{std::string(sam_key), std::string(relax), dword(1)};
    const bool stays = managed.min_length.value_or(0) > plain_length;
    auto was = originals_.manages(sam_key, relax);
    if (!was) return std::move(was).error();
    if (stays || *was) meanwhile.push_back(relaxed);
    if (stays) values.push_back(relaxed);

    RegistryChange first(registry_), last(registry_);
    if (auto applied = first.apply(remember); !applied) return applied;
    if (auto applied = originals_.manage(meanwhile, first); !applied) return applied;
    if (auto set = change(*now, target); !set) return set;
    auto applied = originals_.manage(values, last);
    if (applied) applied = last.apply(forget);
    if (!applied) {
        last.undo();  // what was noted is forgotten after the accounts have returned
        (void)change(target, *now);
        return applied;
    }
    first.keep();
    last.keep();
    return {};
}

}  // namespace steward::platform

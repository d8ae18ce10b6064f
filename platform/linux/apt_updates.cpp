#include "platform/linux/apt_updates.h"

#include <utility>

#include "platform/linux/apt_plan.h"
#include "platform/linux/drop_in.h"
#include "platform/linux/update_timers.h"

namespace steward::platform {
namespace {

constexpr std::string_view options_file = "/etc/apt/apt.conf.d/52steward";  // after 50unattended-upgrades
constexpr std::string_view upgrade_timer = "apt-daily-upgrade.timer";
constexpr std::string_view lists_timer = "apt-daily.timer";

}  // namespace

Result<UpdateRules> AptUpdates::read() {
    UpdateRules rules;
    auto options = apt_.options();
    if (!options) return std::move(options).error();
    auto has_installer = apt_.installs_unattended();
    if (!has_installer) return std::move(has_installer).error();
    if (!*has_installer) obey_nobody(*options);
    read_options(*options, called_hourly(files_), clock_.now(), rules);
    read_schedule(files_, upgrade_timer, rules);
    if (looks_as_we_say(*options)) rules.detection_hours = hours_between(files_, lists_timer);
    if (auto counted = holds_.only_in_force(rules); !counted) return std::move(counted).error();
    return rules;
}

Outcome AptUpdates::write(const UpdateRules& managed) {
    auto has_installer = apt_.installs_unattended();
    if (!has_installer) return std::move(has_installer).error();
    const bool wants_installs = managed.automatic && installs(mode_of(managed));
    if ((wants_installs || managed.deadline_days) && !*has_installer) {
        return Error{Fault::unsupported,
                     "Nothing on this device installs updates by itself: install the package unattended-upgrades.",
                     "/usr/bin/unattended-upgrade"};
    }
    std::string since;
    if (managed.paused.value_or(false)) {
        auto options = apt_.options();
        if (!options) return std::move(options).error();
        const auto kept = kept_words(*options);
        if (kept.paused) since = kept.paused_since;
    }
    auto options = apt_drop_in(managed, clock_.now(), since);
    if (!options) return std::move(options).error();
    auto hourly = hourly_call(files_, needs_hourly_call(managed));
    if (!hourly) return std::move(hourly).error();
    auto& changes = *hourly;
    const auto lists = managed.detection_hours ? every_hours_body(*managed.detection_hours) : "";
    for (const auto& [path, body] : {std::pair(std::string(options_file), *options),
                                     std::pair(unit_drop_in(upgrade_timer), schedule_body(managed)),
                                     std::pair(unit_drop_in(lists_timer), lists)}) {
        auto change = drop_in(files_, path, body);
        if (!change) return std::move(change).error();
        changes.push_back(std::move(*change));
    }
    auto held = holds_.change_for(managed);
    if (!held) return std::move(held).error();
    changes.push_back(std::move(*held));
    if (auto applied = files_.apply(changes); !applied) return applied;
    return units_.refresh({{std::string(upgrade_timer), unit_drop_in(upgrade_timer)},
                           {std::string(lists_timer), unit_drop_in(lists_timer)},
                           {std::string(hourly_timer), std::string(hourly_timer_file)}});
}

}  // namespace steward::platform

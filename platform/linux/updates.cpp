#include "platform/linux/updates.h"

#include <utility>

#include "platform/base/text.h"
#include "platform/linux/calendar.h"
#include "platform/linux/drop_in.h"
#include "platform/linux/unit_file.h"
#include "platform/linux/update_plan.h"

namespace steward::platform {
namespace {

constexpr std::string_view apt_drop_in = "/etc/apt/apt.conf.d/52steward";  // after 50unattended-upgrades
constexpr std::string_view upgrade_timer = "apt-daily-upgrade.timer";
constexpr std::string_view lists_timer = "apt-daily.timer";
constexpr std::string_view own_timer = "steward-updates.timer";
constexpr std::string_view own_timer_file = "/etc/systemd/system/steward-updates.timer";
constexpr std::string_view own_service_file = "/etc/systemd/system/steward-updates.service";
constexpr std::string_view own_wants_file = "/etc/systemd/system/timers.target.d/50-steward-updates.conf";
constexpr std::string_view own_head = "[Unit]\nDescription=Updates, by the rules of the management server\n\n";
constexpr std::string_view own_service =
    "[Service]\nType=oneshot\nExecStart=/usr/bin/steward updates --enforce\nTimeoutStartSec=infinity\n";

std::string drop_in_of(std::string_view unit) {
    return "/etc/systemd/system/" + std::string(unit) + ".d/50-steward.conf";
}

bool wants_installs(const UpdateRules& rules) {
    const auto mode = rules.automatic.value_or(0);
    return mode > static_cast<int>(AutoUpdate::notify) && mode < static_cast<int>(AutoUpdate::off);
}

void read_times(const std::vector<std::string>& calendar, UpdateRules& rules) {
    const auto times = times_of(calendar);
    if (!times) return;
    rules.day = times->day;
    rules.hour = times->hour;
    rules.every_week = times->every_week;
    rules.first_week = times->weeks[0];
    rules.second_week = times->weeks[1];
    rules.third_week = times->weeks[2];
    rules.fourth_week = times->weeks[3];
}

// "*-*-* 00/4:00": every four hours.
std::optional<int> hours_between(const std::vector<std::string>& calendar) {
    constexpr std::string_view head = "*-*-* 00/", tail = ":00";
    if (calendar.size() != 1 || !calendar.front().starts_with(head) || !calendar.front().ends_with(tail)) {
        return std::nullopt;
    }
    const auto& text = calendar.front();
    const auto hours = to_integer(std::string_view(text).substr(head.size(), text.size() - head.size() - tail.size()));
    if (!hours || *hours < 1 || *hours > 22) return std::nullopt;
    return static_cast<int>(*hours);
}

}  // namespace

// A deadline counts while systemd would go by our timer, and so does the day on which an update need wait no more.
bool LinuxUpdates::called_hourly() const {
    const auto calendar = unit_values(files_, own_timer, "Timer", "OnCalendar");
    return files_.exists(own_wants_file) && calendar && *calendar == std::vector<std::string>{"hourly"} &&
           files_.exists(own_service_file);
}

Result<UpdateRules> LinuxUpdates::read() {
    UpdateRules rules;
    auto has_apt = apt_.present();
    if (!has_apt) return std::move(has_apt).error();
    if (!*has_apt) return rules;
    auto options = apt_.options();
    if (!options) return std::move(options).error();
    auto has_installer = apt_.installs_unattended();
    if (!has_installer) return std::move(has_installer).error();
    if (!*has_installer) (*options)["APT::Periodic::Unattended-Upgrade"] = {"0"};  // nobody would obey it
    read_options(*options, clock_.now(), rules);
    auto upgrades = unit_values(files_, upgrade_timer, "Timer", "OnCalendar");
    if (upgrades) read_times(*upgrades, rules);
    auto lists = unit_values(files_, lists_timer, "Timer", "OnCalendar");
    if (lists && last_of(*options, "APT::Periodic::Update-Package-Lists", "0") == "always") {
        rules.detection_hours = hours_between(*lists);
    }
    const auto holds = hold_rules(rules);
    const bool called = !(rules.deadline_days || holds.any()) || called_hourly();
    if (!called) rules.deadline_days.reset();
    auto held = holds_.in_force(holds);
    if (!held) return std::move(held).error();
    if (!called || !*held) {
        if (holds.defer_days > 0) rules.defer_days.reset();
        if (holds.approval_required) rules.approval_required.reset();
    }
    return rules;
}

// Before the rule is there everything that is there already waits, too.
Result<Change> LinuxUpdates::pins(const UpdateRules& managed) {
    const auto holds = hold_rules(managed);
    UpdateNotes notes;
    if (holds.any()) {
        auto now = holds_.look();
        if (!now) return std::move(now).error();
        notes = std::move(*now);
        if (auto kept = keep(files_, notes); !kept) return std::move(kept).error();
    } else if (!managed.deadline_days) {
        if (auto forgotten = keep(files_, {}); !forgotten) return std::move(forgotten).error();
    }
    return holds_.pins(holds, notes);
}

Outcome LinuxUpdates::write(const UpdateRules& managed) {
    auto has_apt = apt_.present();
    if (!has_apt) return std::move(has_apt).error();
    const bool asked = !(managed == UpdateRules{});
    if (!*has_apt) {
        if (!asked) return {};
        return Error{Fault::unsupported,
                     "This device does not install its updates with apt; nothing else is supported yet.",
                     {}};
    }
    auto has_installer = apt_.installs_unattended();
    if (!has_installer) return std::move(has_installer).error();
    if ((wants_installs(managed) || managed.deadline_days) && !*has_installer) {
        return Error{Fault::unsupported,
                     "Nothing on this device installs updates by itself: install the package unattended-upgrades.",
                     "/usr/bin/unattended-upgrade"};
    }
    std::string since;
    if (managed.paused.value_or(false)) {
        auto options = apt_.options();
        if (!options) return std::move(options).error();
        since = kept_pause(*options);
    }
    auto wanted = drop_ins_for(managed, clock_.now(), since);
    if (!wanted) return std::move(wanted).error();
    std::vector<Change> changes;
    std::string service, wants;
    if (!wanted->own_timer.empty()) {
        wanted->own_timer.insert(0, own_head);
        service = std::string(own_head) + std::string(own_service);
        wants = "[Unit]\nWants=" + std::string(own_timer) + "\n";
    }
    for (const auto& [path, body] :
         {std::pair(std::string(apt_drop_in), &wanted->apt),
          std::pair(drop_in_of(upgrade_timer), &wanted->upgrade_timer),
          std::pair(drop_in_of(lists_timer), &wanted->lists_timer), std::pair(std::string(own_service_file), &service),
          std::pair(std::string(own_timer_file), &wanted->own_timer), std::pair(std::string(own_wants_file), &wants)}) {
        auto change = drop_in(files_, path, *body);
        if (!change) return std::move(change).error();
        changes.push_back(std::move(*change));
    }
    auto pinned = pins(managed);
    if (!pinned) return std::move(pinned).error();
    changes.push_back(std::move(*pinned));
    if (auto applied = files_.apply(changes); !applied) return applied;
    return units_.refresh({{std::string(upgrade_timer), drop_in_of(upgrade_timer)},
                           {std::string(lists_timer), drop_in_of(lists_timer)},
                           {std::string(own_timer), std::string(own_timer_file)}});
}

}  // namespace steward::platform

#include "platform/linux/dnf_updates.h"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/linux/dnf_conf.h"
#include "platform/linux/drop_in.h"
#include "platform/linux/unit_file.h"
#include "platform/linux/update_timers.h"

namespace steward::platform {
namespace {

constexpr std::string_view install_timer = "dnf-automatic.timer";
constexpr std::string_view install_service = "dnf-automatic.service";
constexpr std::string_view lists_timer = "dnf-makecache.timer";
constexpr std::string_view lists_service = "dnf-makecache.service";
// Its service installs whatever the configuration file says.
constexpr std::string_view other_timer = "dnf-automatic-install.timer";
constexpr std::string_view wants_file = "/etc/systemd/system/timers.target.d/50-steward-dnf.conf";

constexpr std::string_view apply_key = "commands.apply_updates";
constexpr std::string_view restart_key = "commands.reboot";
constexpr std::string_view excluded_key = "base.excludepkgs";

constexpr std::string_view never = "!/";  // a condition that no device meets
constexpr std::string_view hold_call = "/usr/bin/steward updates --hold";
constexpr std::string_view look_call = "/usr/bin/dnf makecache --refresh";

// The packages of firmware, as Fedora and Red Hat call them.
constexpr std::array<std::string_view, 3> firmware = {"*-firmware*", "linux-firmware*", "microcode_ctl*"};

std::string condition() {
    return "[Unit]\nConditionPathExists=" + std::string(never) + "\n";
}

}  // namespace

bool DnfUpdates::stands_still(std::string_view timer) const {
    const auto conditions = unit_values(files_, timer, "Unit", "ConditionPathExists");
    return !conditions || std::find(conditions->begin(), conditions->end(), never) != conditions->end();
}

bool DnfUpdates::wanted(std::string_view timer) const {
    if (stands_still(timer)) return false;
    if (timer == install_timer && files_.exists(wants_file)) return true;
    for (const std::string_view directory : {"/etc/systemd/system/", "/usr/lib/systemd/system/"}) {
        for (const std::string_view target : {"timers.target", "basic.target", "multi-user.target"}) {
            if (files_.exists(std::string(directory) + std::string(target) + ".wants/" + std::string(timer))) {
                return true;
            }
        }
    }
    return false;
}

Result<AtWork> DnfUpdates::at_work(const ConfFile& automatic) const {
    AtWork now;
    auto has_installer = dnf_.installs_unattended();
    if (!has_installer) return std::move(has_installer).error();
    const bool runs = *has_installer && wanted(install_timer);
    now.looks = runs || wanted(lists_timer);
    now.installs = (runs && is_on(automatic, apply_key)) || (*has_installer && wanted(other_timer));
    if (now.installs && automatic.value(restart_key).value_or("never") != "never") {
        now.restarts = AutoUpdate::install_and_restart_at_once;
    }
    now.called_hourly = called_hourly(files_);
    return now;
}

Result<UpdateRules> DnfUpdates::read() {
    UpdateRules rules;
    auto automatic = read_automatic_conf(files_);
    if (!automatic) return std::move(automatic).error();
    auto now = at_work(*automatic);
    if (!now) return std::move(now).error();
    auto kept = kept_words(files_);
    if (!kept) return std::move(kept).error();
    kept->give(*now, clock_.now(), rules);
    read_schedule(files_, install_timer, rules);
    const auto looks = unit_values(files_, lists_service, "Service", "ExecStart");
    if (looks && wanted(lists_timer) && std::find(looks->begin(), looks->end(), look_call) != looks->end()) {
        rules.detection_hours = hours_between(files_, lists_timer);
    }
    const auto entries = excluded(automatic->value(excluded_key));
    rules.exclude_drivers = std::all_of(firmware.begin(), firmware.end(), [&](std::string_view pattern) {
        return std::find(entries.begin(), entries.end(), pattern) != entries.end();
    });
    rules.allow_metered = true;  // dnf does not ask what a connection costs
    const auto before = unit_values(files_, install_service, "Service", "ExecStartPre");
    const bool called = before && std::find(before->begin(), before->end(), hold_call) != before->end();
    if ((called && !wanted(other_timer)) || !kept->holds.any()) {
        rules.defer_days = kept->holds.defer_days;
        rules.approval_required = kept->holds.approval_required;
    }
    if (auto counted = holds_.only_in_force(rules); !counted) return std::move(counted).error();
    return rules;
}

Outcome DnfUpdates::possible(const UpdateRules& managed) const {
    if (auto hours = check_active_hours(managed); !hours) return hours;
    auto has_installer = dnf_.installs_unattended();
    if (!has_installer) return std::move(has_installer).error();
    const bool wants_installs = managed.automatic && installs(mode_of(managed));
    if ((wants_installs || managed.deadline_days) && !*has_installer) {
        return Error{Fault::unsupported,
                     "Nothing on this device installs updates by itself: install the package dnf-automatic.",
                     "/usr/bin/dnf-automatic"};
    }
    if (managed.deadline_days || (managed.automatic && restarts(mode_of(managed)))) {
        auto told = dnf_.wanting_restart();
        if (!told && told.error().fault == Fault::unsupported) return std::move(told).error();
    }
    if (managed.allow_metered == false) {
        return Error{Fault::unsupported, "dnf fetches updates over every connection: it does not ask what one costs.",
                     "dnf-automatic(8)"};
    }
    return {};
}

Result<std::vector<Change>> DnfUpdates::changes(const UpdateRules& managed) {
    auto kept = kept_words(files_);
    if (!kept) return std::move(kept).error();
    auto pause = pause_of(managed, clock_.now(), kept->paused ? kept->paused_since : "");
    if (!pause) return std::move(pause).error();
    const auto mode = mode_of(managed);
    const bool off = managed.automatic && mode == AutoUpdate::off;
    const bool decides = managed.automatic || pause->holds;  // whether anything is installed
    const bool holds = hold_rules(managed).any();
    auto automatic = read_automatic_conf(files_);
    if (!automatic) return std::move(automatic).error();
    std::vector<Assignment> settings;
    if (decides) {
        const bool installing = installs(mode) && !pause->holds;
        settings.push_back({std::string(apply_key), installing ? "yes" : "no"});
        settings.push_back({std::string(restart_key), "never"});
    }
    if (managed.exclude_drivers.value_or(false)) {
        settings.push_back(excluding(*automatic, std::string(excluded_key), {firmware.begin(), firmware.end()}));
    }
    auto hourly = hourly_call(files_, needs_hourly_call(managed));
    if (!hourly) return hourly;
    auto& changes = *hourly;
    changes.push_back({std::string(automatic_conf), automatic->with(settings)});
    auto install_body = schedule_body(managed);
    if (decides && !off && install_body.empty()) install_body = "[Timer]\nPersistent=true\n";  // so that it is started
    auto lists_body = managed.detection_hours ? every_hours_body(*managed.detection_hours) : "";
    const auto look_body =
        managed.detection_hours ? "[Service]\nExecStart=\nExecStart=" + std::string(look_call) + "\n" : "";
    const auto hold_body = holds ? "[Service]\nExecStartPre=" + std::string(hold_call) + "\n" : "";
    const auto wants_body = decides && !off ? "[Unit]\nWants=" + std::string(install_timer) + "\n" : "";
    const bool other_here = files_.exists("/usr/lib/systemd/system/" + std::string(other_timer));
    for (const auto& [path, body] :
         {std::pair(std::string(words_conf), words_body(words_of(managed, *pause))),
          std::pair(unit_drop_in(install_timer), off ? condition() : install_body),
          std::pair(unit_drop_in(install_service), hold_body),
          std::pair(unit_drop_in(lists_timer), off ? condition() : lists_body),
          std::pair(unit_drop_in(lists_service), look_body),
          std::pair(unit_drop_in(other_timer), other_here && (decides || holds) ? condition() : ""),
          std::pair(std::string(wants_file), wants_body)}) {
        auto change = drop_in(files_, path, body);
        if (!change) return std::move(change).error();
        changes.push_back(std::move(*change));
    }
    return hourly;
}

Outcome DnfUpdates::write(const UpdateRules& managed) {
    if (auto can = possible(managed); !can) return can;
    auto files = changes(managed);
    if (!files) return std::move(files).error();
    auto held = holds_.change_for(managed);
    if (!held) return std::move(held).error();
    files->push_back(std::move(*held));
    if (auto applied = files_.apply(*files); !applied) return applied;
    std::vector<UnitFile> units;
    for (const auto unit : {install_timer, lists_timer, other_timer, install_service, lists_service}) {
        units.push_back({std::string(unit), unit_drop_in(unit), unit == install_timer && wanted(install_timer)});
    }
    units.push_back({std::string(hourly_timer), std::string(hourly_timer_file)});
    if (auto told = units_.refresh(units); !told) return told;
    if (!hold_rules(managed).any()) return {};
    auto judged = holds_.note();  // with the rules in place the versions before the latest are judged, too
    return judged ? Outcome() : Outcome(std::move(judged).error());
}

}  // namespace steward::platform

#include "platform/linux/power.h"

#include <array>
#include <utility>

#include "platform/base/day.h"
#include "platform/base/text.h"
#include "platform/linux/drop_in.h"
#include "platform/linux/unit_file.h"

namespace steward::platform {
namespace {

constexpr std::string_view timer = "steward-restart.timer";
constexpr std::string_view timer_file = "/etc/systemd/system/steward-restart.timer";
constexpr std::string_view service_file = "/etc/systemd/system/steward-restart.service";
// Wanted by a drop-in, so that no link has to be made: systemd makes one of it by itself.
constexpr std::string_view wants_file = "/etc/systemd/system/timers.target.d/50-steward-restart.conf";
constexpr std::array<std::string_view, 7> day_names = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

const BusObject manager = {"org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"};

BusCall to_logind(std::string member, BusValues arguments) {
    return {manager.service, manager.path, manager.interface, std::move(member), std::move(arguments)};
}

enum class Kind { once, daily, weekly };

std::string event(Kind kind, const Moment& moment, const std::string& text) {
    std::string days = "*-*-*";
    if (kind == Kind::once) days = text.substr(0, 10);
    if (kind == Kind::weekly) {
        const std::chrono::weekday weekday(moment.day);
        days = std::string(day_names.at(weekday.c_encoding())) + " *-*-*";
    }
    return "OnCalendar=" + days + " " + moment.clock + (moment.utc ? " UTC" : "") + "\n";
}

std::string_view word(Kind kind) {
    return kind == Kind::once ? "once" : kind == Kind::daily ? "daily" : "weekly";
}

}  // namespace

Outcome LinuxPower::plan_restart(Instant when, const std::string& sentence) {
    if (auto told = bus_.call(to_logind("SetWallMessage", {BusValue::text(sentence), BusValue::boolean(true)}));
        !told) {
        return std::move(told).error();
    }
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(when.time_since_epoch()).count();
    auto planned = bus_.call(to_logind(
        "ScheduleShutdown", {BusValue::text("reboot"), BusValue::uint64(static_cast<std::uint64_t>(micros))}));
    if (!planned) return std::move(planned).error();
    auto read_back = planned_restart();
    if (!read_back) return std::move(read_back).error();
    if (!*read_back) return Error{Fault::io, "logind took the restart but does not plan it.", {}};
    return {};
}

Result<std::optional<Instant>> LinuxPower::planned_restart() {
    auto plan = get_property(bus_, manager, "ScheduledShutdown");
    if (!plan) return std::move(plan).error();
    const auto& parts = plan->elements();
    if (parts.size() != 2 || parts[0].as_text() != "reboot") return std::optional<Instant>();
    const std::chrono::microseconds since(static_cast<std::int64_t>(parts[1].as_unsigned().value_or(0)));
    return std::optional(Instant(std::chrono::floor<std::chrono::seconds>(since)));
}

Result<RestartSchedule> LinuxRestartSchedule::read() {
    RestartSchedule schedule;
    // What was asked for stands in the timer itself, and counts while systemd would go by it.
    auto text = files_.find(timer_file);
    if (!text) return std::move(text).error();
    auto wanted = files_.present(wants_file);
    if (!wanted) return std::move(wanted).error();
    if (!*text || !*wanted) return schedule;
    auto calendar = unit_values(files_, timer, "Timer", "OnCalendar");
    if (!calendar) return std::move(calendar).error();
    for (const auto& [kind, member] : {std::pair(Kind::once, &RestartSchedule::once),
                                       {Kind::daily, &RestartSchedule::daily},
                                       {Kind::weekly, &RestartSchedule::weekly}}) {
        const auto mark = "\n# " + std::string(word(kind)) + ": ";
        const auto at = (*text)->find(mark);
        if (at == std::string::npos) continue;
        const auto begin = at + mark.size();
        const auto asked = (*text)->substr(begin, (*text)->find('\n', begin) - begin);
        const auto moment = parse_moment(asked);
        if (!moment) continue;
        const auto expected = event(kind, *moment, asked);
        for (const auto& in_force : *calendar) {
            if (expected == "OnCalendar=" + in_force + "\n") schedule.*member = asked;
        }
    }
    return schedule;
}

Outcome LinuxRestartSchedule::write(const RestartSchedule& managed) {
    std::string events, marks;
    for (const auto& [kind, asked] :
         {std::pair(Kind::once, &managed.once), {Kind::daily, &managed.daily}, {Kind::weekly, &managed.weekly}}) {
        if (!*asked) continue;
        const auto moment = parse_moment(**asked);
        if (!moment) {
            return Error{Fault::invalid, "\"" + **asked + "\" is no time such as 2026-03-01T03:00:00.", {}};
        }
        marks += "# " + std::string(word(kind)) + ": " + **asked + "\n";
        events += event(kind, *moment, **asked);
    }
    std::string timer_text, service_text, wants_text;
    if (!events.empty()) {
        timer_text = marks + "[Unit]\nDescription=Restart ordered by the management server\n\n[Timer]\n" + events +
                     "AccuracySec=1s\n";
        service_text =
            "[Unit]\nDescription=Restart ordered by the management server\n\n[Service]\nType=oneshot\n"
            "ExecStart=/usr/sbin/shutdown -r +5 \"Your organization restarts this device in 5 minutes: save your "
            "work.\"\n";
        wants_text = "[Unit]\nWants=" + std::string(timer) + "\n";
    }
    std::vector<Change> changes;
    for (const auto& [path, text] : {std::pair(service_file, &service_text), std::pair(timer_file, &timer_text),
                                     std::pair(wants_file, &wants_text)}) {
        auto change = drop_in(files_, std::string(path), *text);
        if (!change) return std::move(change).error();
        changes.push_back(std::move(*change));
    }
    if (auto applied = files_.apply(changes); !applied) return applied;
    return units_.refresh({{std::string(timer), std::string(timer_file)}});
}

}  // namespace steward::platform

// Reboot: a restart now, or at times that are set. People are told five minutes before. Source: DDF Reboot.
#include "csp/csp.h"
#include "csp/syntax.h"
#include "platform/host.h"

namespace steward::csp {

using platform::RestartSchedule;

namespace {

constexpr std::chrono::minutes warning{5};  // as on Windows

Field<RestartSchedule> at(std::string path, std::optional<std::string> RestartSchedule::*member, std::string about) {
    return field("Schedule/" + std::move(path), member, std::move(about)).checked(moment_expected, is_moment);
}

}  // namespace

Csp reboot(platform::Host& host) {
    return Csp("./Device/Vendor/MSFT/Reboot", "Restarting this device.")
        .nodes({
            action("RebootNow", "Restarts the device in five minutes.",
                   [&host](const Keys&, std::string_view) -> Result<Done> {
                       auto planned = host.power.plan_restart(
                           host.clock.now() + warning,
                           "Your organization restarts this device in 5 minutes: save your work.");
                       if (!planned) return std::move(planned).error();
                       return Done::now;
                   }),
        })
        .record<RestartSchedule>(
            host.restarts,
            {
                at("Single", &RestartSchedule::once, "The time of one restart, as 2026-03-01T03:00:00."),
                at("DailyRecurrent", &RestartSchedule::daily, "The hour of a restart every day."),
                at("WeeklyRecurrent", &RestartSchedule::weekly, "The hour and the weekday of a restart every week."),
            });
}

}  // namespace steward::csp

// Policy/Update: how and when updates are installed, and when the device may restart for them.
// Source: DDF Policy, area Update.
#include "csp/csp.h"
#include "csp/syntax.h"
#include "platform/host.h"

namespace steward::csp {

using platform::UpdateRules;

namespace {

// A week of the month in which updates are installed.
Field<UpdateRules> week(std::string path, std::optional<bool> UpdateRules::*member, std::string which, int otherwise) {
    return field(std::move(path), member, "Whether updates are installed in " + std::move(which) + ".")
        .spelled("1", "0")
        .one_of({{"0", "not in this week"}, {"1", "in this week"}})
        .otherwise(otherwise);
}

}  // namespace

Csp update(platform::Host& host) {
    return policy_area("Update", "How and when this device installs its updates.")
        .record<UpdateRules>(
            host.updates,
            {
                field("AllowAutoUpdate", &UpdateRules::automatic, "What happens to updates by itself.")
                    .one_of({{"0", "they are looked for"},
                             {"1", "installed; people restart"},
                             {"2", "installed; the device restarts when nobody is signed in"},
                             {"3", "installed at the scheduled time; the device restarts then"},
                             {"4", "installed; the device restarts at once"},
                             {"5", "nothing"}})
                    .otherwise(2)
                    .most_secure(Merge::lowest),
                field("ScheduledInstallDay", &UpdateRules::day, "The day on which updates are installed.")
                    .one_of({{"0", "every day"},
                             {"1", "Sunday"},
                             {"2", "Monday"},
                             {"3", "Tuesday"},
                             {"4", "Wednesday"},
                             {"5", "Thursday"},
                             {"6", "Friday"},
                             {"7", "Saturday"}})
                    .otherwise(0),
                field("ScheduledInstallTime", &UpdateRules::hour, "The hour at which updates are installed.")
                    .between(0, 23)
                    .otherwise(3),
                week("ScheduledInstallEveryWeek", &UpdateRules::every_week, "every week", 1),
                week("ScheduledInstallFirstWeek", &UpdateRules::first_week, "the first week of the month", 0),
                week("ScheduledInstallSecondWeek", &UpdateRules::second_week, "the second week of the month", 0),
                week("ScheduledInstallThirdWeek", &UpdateRules::third_week, "the third week of the month", 0),
                week("ScheduledInstallFourthWeek", &UpdateRules::fourth_week, "the fourth week of the month", 0),
                field("ActiveHoursStart", &UpdateRules::active_start,
                      "The hour from which the device does not restart for updates.")
                    .between(0, 23)
                    .otherwise(8),
                field("ActiveHoursEnd", &UpdateRules::active_end, "The hour until which it does not.")
                    .between(0, 23)
                    .otherwise(17),
                field("ActiveHoursMaxRange", &UpdateRules::active_longest, "Most hours between the two.")
                    .between(8, 18)
                    .otherwise(18),
                field("DetectionFrequency", &UpdateRules::detection_hours, "Hours between two looks for updates.")
                    .between(1, 22)
                    .otherwise(22),
                field("ExcludeWUDriversInQualityUpdate", &UpdateRules::exclude_drivers,
                      "Whether firmware stays as it is.")
                    .spelled("1", "0")
                    .one_of({{"0", "it is updated"}, {"1", "it stays"}})
                    .otherwise(0),
                field("AllowAutoWindowsUpdateDownloadOverMeteredNetwork", &UpdateRules::allow_metered,
                      "Whether updates are fetched over a connection that costs money.")
                    .spelled("1", "0")
                    .one_of({{"0", "they are not"}, {"1", "they are"}})
                    .otherwise(0),
                field("PauseQualityUpdates", &UpdateRules::paused, "Whether no update is installed for 35 days.")
                    .spelled("1", "0")
                    .one_of({{"0", "updates are installed"}, {"1", "they are not"}})
                    .otherwise(0),
                field("PauseQualityUpdatesStartTime", &UpdateRules::paused_since,
                      "The day from which the 35 days count, as 2026-11-24.")
                    .checked(date_expected, is_date, date_pattern),
                field("ConfigureDeadlineForQualityUpdates", &UpdateRules::deadline_days,
                      "Days after which an update is installed whatever the hour, and the device restarted for it.")
                    .between(0, 30)
                    .otherwise(7),
                field("ConfigureDeadlineGracePeriod", &UpdateRules::grace_days,
                      "Days that people have at least before that restart.")
                    .between(0, 7)
                    .otherwise(2),
                field("ConfigureDeadlineNoAutoReboot", &UpdateRules::no_early_restart,
                      "Whether the device stays on until the deadline and the days of grace are over.")
                    .spelled("1", "0")
                    .one_of({{"0", "it may restart earlier"}, {"1", "it stays on"}})
                    .otherwise(0)
                    .most_secure(Merge::highest),
                field("DeferQualityUpdatesPeriodInDays", &UpdateRules::defer_days,
                      "Days after which an update may be installed, from when it was first there.")
                    .between(0, 30)
                    .otherwise(0),
                field("RequireUpdateApproval", &UpdateRules::approval_required,
                      "Whether only those updates are installed that Update/ApprovedUpdates names.")
                    .spelled("1", "0")
                    .one_of({{"0", "all of them"}, {"1", "those approved"}})
                    .otherwise(0)
                    .most_secure(Merge::highest),
            });
}

}  // namespace steward::csp

// Update: what the operating system says of its updates. An update goes by the name and the version of its package.
// Source: DDF Update.
#include "csp/csp.h"
#include "platform/host.h"

namespace steward::csp {

using platform::Approval;
using platform::PackageUpdate;
using platform::StaleService;
using platform::UpdateFacts;

namespace {

Field<PackageUpdate> detail(std::string path, std::optional<std::string> PackageUpdate::*member, std::string about) {
    return field("Steward/" + std::move(path), member, std::move(about));
}

}  // namespace

Csp update_status(platform::Host& host) {
    auto& lists = host.update_lists;
    return Csp("./Device/Vendor/MSFT/Update", "What is known of this device's updates.")
        .inventory<PackageUpdate>(
            lists.installable, "InstallableUpdates/{InstallableUpdateGuid}",
            {
                field("Type", &PackageUpdate::kind, "1: it mends a security hole; 0: it does something else."),
                detail("Previous", &PackageUpdate::previous, "The version that is installed."),
                detail("Reason", &PackageUpdate::reason, "Why it may not be installed yet."),
            })
        .presence<Approval>(
            lists.approved, "ApprovedUpdates/{ApprovedUpdateGuid}",
            "An update that may be installed, by its name in InstallableUpdates.",
            {field("ApprovedTime", &Approval::when, "Since when it may be installed.").format(Format::time)})
        .inventory<PackageUpdate>(lists.installed, "InstalledUpdates/{InstalledUpdateGuid}",
                                  {
                                      detail("InstalledTime", &PackageUpdate::when, "When it was installed."),
                                      detail("Previous", &PackageUpdate::previous, "The version before it."),
                                  })
        .inventory<PackageUpdate>(lists.failed, "FailedUpdates/{FailedUpdateGuid}",
                                  {
                                      detail("Reason", &PackageUpdate::reason, "How far it got, and what tells more."),
                                  })
        .inventory<PackageUpdate>(
            lists.pending_restart, "PendingRebootUpdates/{PendingRebootUpdateGuid}",
            {
                field("InstalledTime", &PackageUpdate::when, "Since when the device has to be restarted.")
                    .format(Format::time),
                detail("Reason", &PackageUpdate::reason, "Why it has to be restarted."),
            })
        .inventory<StaleService>(
            lists.stale_services, "Steward/StaleServices/{Service}",
            {
                field("Reason", &StaleService::reason, "Why it should be restarted. Steward restarts none."),
            })
        .report<UpdateFacts>(host.update_facts, {
                                                    field("LastSuccessfulScanTime", &UpdateFacts::last_scan,
                                                          "When the lists of updates were last fetched.")
                                                        .format(Format::time),
                                                });
}

}  // namespace steward::csp

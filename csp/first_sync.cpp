#include "csp/first_sync.h"

#include <utility>

namespace steward::csp {
namespace {

Leaf status(const std::string& name, Format format, std::string about) {
    return kept("Provider/{ProviderID}/FirstSyncStatus/" + name, format, std::move(about))
        .access(can_get | can_replace);
}

// Addresses of what the server means to deliver, separated by U+F000.
Leaf expected(const std::string& what, std::string about) {
    return status("Expected" + what, Format::chr, std::move(about)).access(setting_access).listed_by("\xEF\x80\x80");
}

}  // namespace

Csp first_sync(Csp csp) {
    return std::move(csp).nodes({
        interior("Provider/{ProviderID}/FirstSyncStatus", "How far the first set-up is.",
                 can_add | can_delete | can_get),
        expected("Policies", "Policies to come."),
        expected("NetworkProfiles", "Wireless and VPN profiles to come."),
        expected("MSIAppPackages", "Installer packages to come, each with \";\" and how many."),
        expected("ModernAppPackages", "Store packages to come, each with \";\" and how many."),
        expected("PFXCerts", "Certificates with keys to come."),
        expected("SCEPCerts", "Certificates to come by SCEP."),
        status("ServerHasFinishedProvisioning", Format::boolean, "The lists of expected items are final."),
        status("IsSyncDone", Format::boolean, "The set-up is done."),
        status("WasDeviceSuccessfullyProvisioned", Format::integer, "How the set-up ended.")
            .one_of({{"0", "it failed"}, {"1", "it succeeded"}, {"2", "it goes on"}}),
        status("AllowCollectLogsButton", Format::boolean, "Offer to collect logs.").otherwise("false"),
    });
}

}  // namespace steward::csp

// The user's part of DMClient: the first set-up of whoever is signed in. Source: DDF DMClient.
#include "csp/csp.h"
#include "csp/first_sync.h"
#include "platform/host.h"

namespace steward::csp {

Csp dm_client_user(platform::Host&) {
    return first_sync(Csp("./User/Vendor/MSFT/DMClient", "How the signed-in user is managed by each server.")
                          .nodes({
                              interior("Provider/{ProviderID}", "One management server, named by its provider id.",
                                       can_add | can_delete | can_get),
                              kept("Provider/{ProviderID}/FirstSyncStatus/CustomErrorText", Format::chr,
                                   "What the user reads when the set-up failed.")
                                  .access(can_get | can_replace),
                          })
                          .own("Provider/{ProviderID}"));
}

}  // namespace steward::csp

// FirstSyncStatus of DMClient: how far the first set-up is. The device and its user have the same part of it.
#pragma once

#include "csp/csp.h"

namespace steward::csp {

// The CSP with the nodes that both scopes have below Provider/{ProviderID}/FirstSyncStatus.
Csp first_sync(Csp csp);

}  // namespace steward::csp

// Who else manages this Windows, told by the registry of its own management (MS-MDE2 enrolments and the Policy CSP).
#pragma once

#include "platform/neighbours.h"
#include "platform/windows/registry.h"

namespace steward::platform {

Result<Neighbours> neighbours_in(const Registry& registry);

}  // namespace steward::platform

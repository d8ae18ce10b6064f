// The device: one reference per capability. platform/<os>/host.h composes one.
#pragma once

#include "platform/base/clock.h"
#include "platform/health.h"
#include "platform/identity.h"
#include "platform/network.h"
#include "platform/passwords.h"
#include "platform/sessions.h"
#include "platform/shapes.h"

namespace steward::platform {

struct Host {
    Record<Identity>& identity;
    Record<Health>& health;
    Record<PasswordRules>& passwords;
    Record<Logins>& logins;
    Table<Adapter>& adapters;
};

}  // namespace steward::platform

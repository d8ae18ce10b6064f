// The device: one reference per capability. platform/<os>/host.h composes one.
#pragma once

#include "platform/base/clock.h"
#include "platform/battery.h"
#include "platform/bridge.h"
#include "platform/certificates.h"
#include "platform/encryption.h"
#include "platform/health.h"
#include "platform/identity.h"
#include "platform/network.h"
#include "platform/passwords.h"
#include "platform/power.h"
#include "platform/sessions.h"
#include "platform/shapes.h"
#include "platform/updates.h"
#include "platform/wifi.h"
#include "platform/wipe.h"

namespace steward::platform {

struct Host {
    const Clock& clock;
    Record<Identity>& identity;
    Record<Health>& health;
    Record<Battery>& battery;
    Record<PasswordRules>& passwords;
    Record<Logins>& logins;
    Table<Adapter>& adapters;
    Record<Uplink>& uplink;
    Record<UpdateRules>& updates;
    UpdateLists update_lists;
    Record<UpdateFacts>& update_facts;
    UpdateDeadline& update_deadline;
    Power& power;
    Record<RestartSchedule>& restarts;
    Screens& screens;
    Volumes& volumes;
    Record<EncryptionRules>& encryption;
    Escrow& escrow;
    Table<RecoveryKey>& recovery_keys;
    CertificateStores certificates;
    Table<WifiNetwork>& wifi;
    NetworkGuard& network_guard;
    Wiper& wiper;
    Record<WirelessRules>& wireless;
    Bridge* bridge = nullptr;  // of systems that have a management of their own
};

}  // namespace steward::platform

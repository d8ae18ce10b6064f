// The capabilities that act, as absent ones.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "platform/encryption.h"
#include "platform/power.h"
#include "platform/sessions.h"
#include "platform/wifi.h"
#include "platform/windows/absent.h"
#include "platform/wipe.h"

namespace steward::platform {

struct AbsentPower final : Power {
    Outcome plan_restart(Instant, const std::string&) override { return absent("restarts"); }
    Result<std::optional<Instant>> planned_restart() override { return absent("restarts"); }
};

struct AbsentScreens final : Screens {
    Outcome lock_all() override { return absent("the locking of screens"); }
};

struct AbsentVolumes final : Volumes {
    Result<Rows<Volume>> all() override { return absent("the encryption of volumes"); }
};

// Windows replaces what is in use when it restarts.
struct AbsentStaleServices final : StaleServices {
    Result<Rows<StaleService>> all() override { return absent("services that run what an update has replaced"); }
    Outcome look() override { return absent("services that run what an update has replaced"); }
};

struct AbsentEscrow final : Escrow {
    Outcome rotate(const std::string&) override { return absent("recovery keys"); }
    Outcome received(std::string_view) override { return absent("recovery keys"); }
    Outcome resume() override { return {}; }  // nothing was begun
    Result<Rotation> last() override { return absent("recovery keys"); }
};

// Nothing that it would have to guard can be changed.
struct AbsentNetworkGuard final : NetworkGuard {
    Outcome arm(std::chrono::seconds) override { return absent("networks"); }
    bool is_armed() const override { return false; }
    Result<Verdict> keep() override { return absent("networks"); }
    Outcome undo() override { return {}; }
};

struct AbsentWiper final : Wiper {
    Result<std::vector<std::string>> plan(WipeKind) override { return absent("wipes"); }
    Outcome order(WipeKind, Instant) override { return absent("wipes"); }
    Result<std::optional<WipeOrder>> ordered() override { return std::optional<WipeOrder>(); }
    Outcome carry_out(const std::function<void(const std::string&)>&) override { return absent("wipes"); }
};

}  // namespace steward::platform

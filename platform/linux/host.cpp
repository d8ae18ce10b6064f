#include "platform/linux/host.h"

#include <utility>

#include "platform/device.h"
#include "platform/linux/adapters.h"
#include "platform/linux/battery.h"
#include "platform/linux/client_certificates.h"
#include "platform/linux/encryption_rules.h"
#include "platform/linux/escrow.h"
#include "platform/linux/files.h"
#include "platform/linux/health.h"
#include "platform/linux/identity.h"
#include "platform/linux/intermediates.h"
#include "platform/linux/logins.h"
#include "platform/linux/luks.h"
#include "platform/linux/network_guard.h"
#include "platform/linux/package_managers.h"
#include "platform/linux/passwords.h"
#include "platform/linux/power.h"
#include "platform/linux/processes.h"
#include "platform/linux/screens.h"
#include "platform/linux/stale_services.h"
#include "platform/linux/trust.h"
#include "platform/linux/units.h"
#include "platform/linux/update_deadline.h"
#include "platform/linux/updates.h"
#include "platform/linux/uplink.h"
#include "platform/linux/volumes.h"
#include "platform/linux/wifi.h"
#include "platform/linux/wipe.h"
#include "platform/linux/wireless_rules.h"

namespace steward::platform {
namespace {

class LinuxDevice final : public Device {
  public:
    LinuxDevice(LinuxOptions options, const Clock& clock) : host_(std::move(options), clock) {}
    Host& host() override { return host_.host(); }

  private:
    LinuxHost host_;
};

}  // namespace

std::unique_ptr<Device> open_device(const std::string& root, std::string device_id, const Clock& clock) {
    return std::make_unique<LinuxDevice>(LinuxOptions{root, std::move(device_id)}, clock);
}

struct LinuxHost::Parts {
    Parts(LinuxOptions options, const Clock& clock, Calls& calls)
        : files(options.root, calls),
          luks(options.root),
          identity(files, clock, std::move(options.device_id)),
          health(files, luks, clock),
          battery(files),
          passwords(files, processes),
          logins(files),
          adapters(files, options.root == "/" ? system_addresses : no_addresses),
          packages(files, processes),
          bus(options.root == "/" ? std::unique_ptr<Bus>(std::make_unique<SystemBus>())
                                  : std::make_unique<AbsentBus>()),
          units(files, processes, options.root == "/" && files.exists("/run/systemd/system")),
          updates(files, processes, units, clock),
          holds(files, packages, clock),
          installable([this] { return holds.installable(); }),
          installed(listed(&PackageManager::installed)),
          failed(listed(&PackageManager::failed)),
          pending_restart(listed(&PackageManager::pending_restart)),
          approved(files, packages, holds, clock),
          stale(files, processes, packages, options.root == "/" && files.exists("/run/systemd/system")),
          update_facts(packages),
          update_deadline(files, processes, updates, power, clock),
          uplink(*bus),
          power(*bus),
          restarts(files, units),
          screens(*bus),
          fscrypt(options.root),
          volumes(files, luks, fscrypt),
          encryption(files),
          escrow(files, luks, clock),
          trust_anchors(files, processes),
          system_trust(trust_anchors),
          intermediates(files),
          clients(files),
          personal(files),
          wifi(*bus, files),
          network_guard(*bus),
          wireless(*bus, files),
          wiper(files, luks, processes, clock, options.root == "/"),
          host{clock,        identity,
               health,       battery,
               passwords,    logins,
               adapters,     uplink,
               updates,      {installable, installed, failed, pending_restart, approved, stale},
               update_facts, update_deadline,
               power,        restarts,
               screens,      volumes,
               encryption,   escrow,
               escrow,       {trust_anchors, system_trust, intermediates, clients, personal},
               wifi,         network_guard,
               wiper,        wireless} {}

    UpdateTable::Source listed(Result<PackageUpdates> (PackageManager::*list)()) {
        return [this, list]() -> Result<PackageUpdates> {
            auto manager = packages.needed();
            if (!manager) return std::move(manager).error();
            return ((*manager)->*list)();
        };
    }

    Files files;
    LinuxProcesses processes;
    Cryptsetup luks;
    LinuxIdentity identity;
    LinuxHealth health;
    LinuxBattery battery;
    LinuxPasswords passwords;
    LinuxLogins logins;
    LinuxAdapters adapters;
    PackageManagers packages;
    std::unique_ptr<Bus> bus;
    Units units;
    LinuxUpdates updates;
    UpdateHolds holds;
    UpdateTable installable, installed, failed, pending_restart;
    LinuxApprovals approved;
    LinuxStaleServices stale;
    LinuxUpdateFacts update_facts;
    LinuxUpdateDeadline update_deadline;
    LinuxUplink uplink;
    LinuxPower power;
    LinuxRestartSchedule restarts;
    LinuxScreens screens;
    KernelFscrypt fscrypt;
    LinuxVolumes volumes;
    LinuxEncryptionRules encryption;
    LinuxEscrow escrow;
    TrustAnchors trust_anchors;
    SystemTrust system_trust;
    Intermediates intermediates;
    ClientCertificates clients;
    PersonalCertificates personal;
    LinuxWifi wifi;
    CheckpointGuard network_guard;
    LinuxWirelessRules wireless;
    LinuxWiper wiper;
    Host host;
};

LinuxHost::LinuxHost(LinuxOptions options, const Clock& clock, Calls& calls)
    : parts_(std::make_unique<Parts>(std::move(options), clock, calls)) {}

LinuxHost::~LinuxHost() = default;

Host& LinuxHost::host() {
    return parts_->host;
}

}  // namespace steward::platform

#include "platform/windows/host.h"

#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/places.h"
#include "platform/update_table.h"
#include "platform/windows/absent.h"
#include "platform/windows/absent_actions.h"
#include "platform/windows/account_calls.h"
#include "platform/windows/adapters.h"
#include "platform/windows/battery.h"
#include "platform/windows/bit_locker.h"
#include "platform/windows/bridge.h"
#include "platform/windows/certificate_store.h"
#include "platform/windows/client_certificates.h"
#include "platform/windows/client_store.h"
#include "platform/windows/encryption_rules.h"
#include "platform/windows/escrow.h"
#include "platform/windows/health.h"
#include "platform/windows/identity.h"
#include "platform/windows/neighbours.h"
#include "platform/windows/network_guard.h"
#include "platform/windows/passwords.h"
#include "platform/windows/power.h"
#include "platform/windows/processes.h"
#include "platform/windows/registry.h"
#include "platform/windows/screens.h"
#include "platform/windows/services.h"
#include "platform/windows/session_calls.h"
#include "platform/windows/state_files.h"
#include "platform/windows/tasks.h"
#include "platform/windows/trust.h"
#include "platform/windows/update_agent.h"
#include "platform/windows/update_deadline.h"
#include "platform/windows/update_lists.h"
#include "platform/windows/updates.h"
#include "platform/windows/uplink.h"
#include "platform/windows/volumes.h"
#include "platform/windows/wifi.h"
#include "platform/windows/wipe.h"
#include "platform/windows/wireless_rules.h"
#include "platform/windows/wlan_calls.h"
#include "platform/windows/wmi.h"

namespace steward::platform {
namespace {

// A private root has a registry of its own, below the machine's.
std::string registry_root(const std::string& root) {
    return root == "/" ? std::string() : "SOFTWARE\\Steward\\Roots\\" + to_hex(sha256(root)).substr(0, 16);
}

// Whom recovery passwords are sealed for is the administrator's decision, told by a file.
WindowsEscrow::Certificate escrow_certificate(const std::string& root) {
    return [directory = state_directory(root)]() -> Result<std::string> {
        constexpr const char* name = "/escrow.pem";
        WindowsStateFiles files(directory);
        auto certificate = files.find(name);
        if (!certificate) return std::move(certificate).error();
        if (*certificate) return std::move(**certificate);
        return Error{
            Fault::unsupported,
            "No recovery password can be made: there is nobody to seal it for, as there is no certificate in " +
                files.full_path(name) + ".",
            {}};
    };
}

void refresh_updates() {
    WindowsProcesses processes;
    // Windows Update looks by itself later; where there is no such program, nothing is lost but time.
    (void)processes.run({{system_directory() + "\\UsoClient.exe", "RefreshSettings"}, {}, {}});
}

}  // namespace

// What is not below the registry belongs to the machine, and is left alone in a private root.
struct WindowsHost::Parts {
    Parts(WindowsOptions options, const Clock& clock)
        : whole(options.root == "/"),
          registry(HKEY_LOCAL_MACHINE, registry_root(options.root)),
          bit_locker(wmi),
          identity(registry, clock, std::move(options.device_id)),
          health(registry, wmi, bit_locker, health_calls()),
          passwords(registry, account_calls(), [this] { return bit_locker.seals_system(); }),
          logins(session_calls()),
          updates(
              registry, clock, whole ? refresh_updates : [] {}),
          installable([] { return installable_updates(update_agent()); }),
          installed([] { return installed_updates(update_agent()); }),
          failed([] { return failed_updates(update_agent()); }),
          pending_restart([this] { return updates_pending_restart(update_agent(), registry); }),
          update_facts(update_agent()),
          update_deadline(whole ? static_cast<Table<PackageUpdate>&>(installable) : no_updates),
          power(tasks, clock),
          restarts(tasks),
          screens(session_calls()),
          volumes(bit_locker),
          encryption(registry),
          escrow(registry, bit_locker, escrow_certificate(options.root), clock),
          roots(registry, root_store),
          system_roots(root_store),
          intermediates(registry, authority_store),
          client_store(personal_store),
          clients(registry, client_store),
          personal(clients, personal_store),
          wifi(registry, wlan_calls()),
          network_guard(registry, wlan_calls(), clock,
                        whole ? WindowsNetworkGuard::Watch::by_itself : WindowsNetworkGuard::Watch::when_asked),
          wiper(registry, wmi, tasks, clock, own_program()),
          wireless(registry),
          bridge(registry, bridge_calls()),
          host{clock,
               identity,
               machine<Record<Health>>(health, no_health),
               battery,
               machine<Record<PasswordRules>>(passwords, no_passwords),
               logins,
               adapters,
               uplink,
               updates,
               {machine<Table<PackageUpdate>>(installable, no_updates),
                machine<Table<PackageUpdate>>(installed, no_updates), machine<Table<PackageUpdate>>(failed, no_updates),
                machine<Table<PackageUpdate>>(pending_restart, no_updates), no_approvals, no_stale},
               machine<Record<UpdateFacts>>(update_facts, no_update_facts),
               update_deadline,
               machine<Power>(power, no_power),
               machine<Record<RestartSchedule>>(restarts, no_restarts),
               machine<Screens>(screens, no_screens),
               machine<Volumes>(volumes, no_volumes),
               encryption,
               machine<Escrow>(escrow, no_escrow),
               machine<Table<RecoveryKey>>(escrow, no_recovery_keys),
               {machine<Table<StoredCertificate>>(roots, no_authorities), system_roots,
                machine<Table<StoredCertificate>>(intermediates, no_authorities),
                machine<Table<ClientCertificate>>(clients, no_clients),
                machine<Table<StoredCertificate>>(personal, no_personal)},
               machine<Table<WifiNetwork>>(wifi, no_wifi),
               machine<NetworkGuard>(network_guard, no_guard),
               machine<Wiper>(wiper, no_wiper),
               wireless,
               whole ? &bridge : nullptr} {}

    template <class Shape>
    Shape& machine(Shape& real, Shape& none) const {
        return whole ? real : none;
    }

    bool whole;
    Registry registry;
    SystemWmi wmi;
    BitLocker bit_locker;
    SystemTasks tasks;
    WindowsIdentity identity;
    WindowsHealth health;
    WindowsBattery battery;
    WindowsPasswords passwords;
    WindowsLogins logins;
    WindowsAdapters adapters;
    WindowsUplink uplink;
    WindowsUpdates updates;
    UpdateTable installable, installed, failed, pending_restart;
    WindowsUpdateFacts update_facts;
    WindowsUpdateDeadline update_deadline;
    WindowsPower power;
    WindowsRestartSchedule restarts;
    WindowsScreens screens;
    WindowsVolumes volumes;
    WindowsEncryptionRules encryption;
    WindowsEscrow escrow;
    CertificateStore root_store{CertificateStore::Whose::machine, "ROOT"},
        authority_store{CertificateStore::Whose::machine, "CA"}, personal_store{CertificateStore::Whose::machine, "MY"};
    AddedAuthorities roots;
    StoreContents system_roots;
    AddedAuthorities intermediates;
    WindowsClientStore client_store;
    WindowsClientCertificates clients;
    WindowsPersonalCertificates personal;
    WindowsWifi wifi;
    WindowsNetworkGuard network_guard;
    WindowsWiper wiper;
    WindowsWirelessRules wireless;
    WindowsBridge bridge;

    AbsentRecord<Health> no_health{"the health of a private root"};
    AbsentRecord<PasswordRules> no_passwords{"the passwords of a private root"};
    AbsentTable<PackageUpdate> no_updates{"the updates of a private root"};
    AbsentTable<Approval> no_approvals{"the approval of updates one by one"};
    AbsentStaleServices no_stale;
    AbsentRecord<UpdateFacts> no_update_facts{"the updates of a private root"};
    AbsentPower no_power;
    AbsentRecord<RestartSchedule> no_restarts{"the restarts of a private root"};
    AbsentScreens no_screens;
    AbsentVolumes no_volumes;
    AbsentEscrow no_escrow;
    AbsentTable<RecoveryKey> no_recovery_keys{"the recovery keys of a private root"};

    AbsentTable<StoredCertificate> no_authorities{"the authorities of a private root"},
        no_personal{"the certificates of a private root"};
    AbsentTable<ClientCertificate> no_clients{"the certificates of a private root"};
    AbsentTable<WifiNetwork> no_wifi{"the networks of a private root"};
    AbsentNetworkGuard no_guard;
    AbsentWiper no_wiper;
    Host host;
};

WindowsHost::WindowsHost(WindowsOptions options, const Clock& clock)
    : parts_(std::make_unique<Parts>(std::move(options), clock)) {}
WindowsHost::~WindowsHost() = default;

Host& WindowsHost::host() {
    return parts_->host;
}

Result<Neighbours> neighbours(const std::string& root) {
    return neighbours_in(Registry(HKEY_LOCAL_MACHINE, registry_root(root)));
}

std::unique_ptr<Device> open_device(const std::string& root, std::string device_id, const Clock& clock) {
    return std::make_unique<WindowsHost>(WindowsOptions{root, std::move(device_id)}, clock);
}

}  // namespace steward::platform

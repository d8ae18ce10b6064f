#include "platform/windows/host.h"

#include <utility>

#include "platform/windows/absent.h"
#include "platform/windows/absent_actions.h"

namespace steward::platform {
namespace {

// Who this is to a server; of the device itself it tells nothing.
class OwnIdentity final : public Record<Identity> {
  public:
    explicit OwnIdentity(std::string device_id) : device_id_(std::move(device_id)) {}
    Result<Identity> read() override {
        Identity identity;
        if (!device_id_.empty()) identity.device_id = device_id_;
        return identity;
    }
    Outcome write(const Identity&) override { return Error{Fault::refused, "Facts are read, not set.", {}}; }

  private:
    std::string device_id_;
};

}  // namespace

struct WindowsHost::Parts {
    Parts(WindowsOptions options, const Clock& clock)
        : identity(std::move(options.device_id)),
          host{clock,
               identity,
               health,
               battery,
               passwords,
               logins,
               adapters,
               uplink,
               updates,
               {installable, installed, failed, pending_restart},
               update_facts,
               power,
               restarts,
               screens,
               volumes,
               encryption,
               escrow,
               recovery_keys,
               {roots, system_roots, intermediates, clients, personal},
               wifi,
               network_guard,
               wiper} {}

    OwnIdentity identity;
    AbsentRecord<Health> health{"the health of this device"};
    AbsentRecord<Battery> battery{"the battery"};
    AbsentRecord<PasswordRules> passwords{"rules for passwords"};
    AbsentRecord<Logins> logins{"who is signed in"};
    AbsentTable<Adapter> adapters{"network adapters"};
    AbsentRecord<Uplink> uplink{"the network connection"};
    AbsentRecord<UpdateRules> updates{"updates"};
    AbsentTable<PackageUpdate> installable{"updates"}, installed{"updates"}, failed{"updates"},
        pending_restart{"updates"};
    AbsentRecord<UpdateFacts> update_facts{"updates"};
    AbsentPower power;
    AbsentRecord<RestartSchedule> restarts{"restarts"};
    AbsentScreens screens;
    AbsentVolumes volumes;
    AbsentRecord<EncryptionRules> encryption{"rules for encryption"};
    AbsentEscrow escrow;
    AbsentTable<RecoveryKey> recovery_keys{"recovery keys"};
    AbsentTable<StoredCertificate> roots{"trusted authorities"}, system_roots{"trusted authorities"},
        intermediates{"intermediate certificates"}, personal{"certificates of this device"};
    AbsentTable<ClientCertificate> clients{"certificates of this device"};
    AbsentTable<WifiNetwork> wifi{"wireless networks"};
    AbsentNetworkGuard network_guard;
    AbsentWiper wiper;
    Host host;
};

WindowsHost::WindowsHost(WindowsOptions options, const Clock& clock)
    : parts_(std::make_unique<Parts>(std::move(options), clock)) {}
WindowsHost::~WindowsHost() = default;

Host& WindowsHost::host() {
    return parts_->host;
}

std::unique_ptr<Device> open_device(const std::string& root, std::string device_id, const Clock& clock) {
    return std::make_unique<WindowsHost>(WindowsOptions{root, std::move(device_id)}, clock);
}

}  // namespace steward::platform

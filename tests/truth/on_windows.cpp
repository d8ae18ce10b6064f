#include "platform/windows/encryption_rules.h"
#include "platform/windows/passwords.h"
#include "platform/windows/updates.h"
#include "platform/windows/wifi.h"
#include "platform/windows/wireless_rules.h"
#include "tests/support/memory_host.h"
#include "tests/truth/device.h"
#include "tests/windows/private_registry.h"
#include "tests/windows/scripted_accounts.h"
#include "tests/windows/scripted_wlan.h"

namespace steward::test {
namespace {

class OnWindows final : public TruthDevice {
  public:
    OnWindows() {
        wlan_.adapters["{1}"];
        accounts_.password_modals.min_length = 1;
        memory_.clock.time = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);
    }
    platform::Host& host() override { return host_; }
    std::string state() override {
        std::string text = device_.state() + accounts_.state();
        for (const auto& [adapter, profiles] : wlan_.adapters) {
            for (const auto& [name, document] : profiles) text += adapter + name + document + "\n";
        }
        return text;
    }

  private:
    PrivateRegistry device_;
    ScriptedAccounts accounts_;
    ScriptedWlan wlan_;
    platform::WindowsPasswords passwords_{device_.registry(), accounts_, []() -> Result<bool> { return true; }};
    platform::WindowsEncryptionRules encryption_{device_.registry()};
    platform::WindowsWirelessRules wireless_{device_.registry()};
    platform::WindowsWifi wifi_{device_.registry(), wlan_};
    MemoryHost memory_;
    platform::WindowsUpdates updates_{device_.registry(), memory_.clock, [] {}};
    platform::Host host_{memory_.clock,
                         memory_.identity,
                         memory_.health,
                         memory_.battery,
                         passwords_,
                         memory_.logins,
                         memory_.adapters,
                         memory_.uplink,
                         updates_,
                         memory_.host.update_lists,
                         memory_.update_facts,
                         memory_.update_deadline,
                         memory_.power,
                         memory_.restarts,
                         memory_.screens,
                         memory_.volumes,
                         encryption_,
                         memory_.escrow,
                         memory_.recovery_keys,
                         memory_.host.certificates,
                         wifi_,
                         memory_.network_guard,
                         memory_.wiper,
                         wireless_};
};

}  // namespace

std::unique_ptr<TruthDevice> truth_device() {
    return std::make_unique<OnWindows>();
}

bool can_be_tried(const std::string&) {
    return true;
}

std::string truth_system() {
    return "windows";
}

}  // namespace steward::test

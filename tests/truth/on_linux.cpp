#include "platform/linux/encryption_rules.h"
#include "platform/linux/files.h"
#include "platform/linux/passwords.h"
#include "platform/linux/processes.h"
#include "platform/linux/units.h"
#include "platform/linux/updates.h"
#include "platform/linux/wifi.h"
#include "platform/linux/wireless_rules.h"
#include "tests/support/debian_root.h"
#include "tests/support/memory_host.h"
#include "tests/support/network_manager.h"
#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"
#include "tests/truth/device.h"

namespace steward::test {
namespace {

class OnLinux final : public TruthDevice {
  public:
    OnLinux() {
        make_debian_root(root_.path());
        root_.write("/usr/bin/apt-config", "");
        root_.write("/usr/bin/unattended-upgrade", "");
        root_.write("/etc/apt/root.conf", "Dir \"" + root_.path() + "\";\n");
        root_.write("/var/lib/steward/state.db", "");
        root_.write("/usr/lib/systemd/system/apt-daily-upgrade.timer", "[Timer]\nOnCalendar=*-*-* 6:00\n");
        root_.write("/usr/lib/systemd/system/apt-daily.timer", "[Timer]\nOnCalendar=*-*-* 6,18:00\n");
        root_.write("/usr/share/polkit-1/rules.d/50-default.rules", "");
        memory_.clock.time = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);
    }
    platform::Host& host() override { return host_; }
    std::string state() override {
        std::string text;
        for (const auto& [path, description] : snapshot_of(root_.path())) text += path + ": " + description + "\n";
        for (const auto& [path, settings] : manager_.connections) text += path + "\n";
        return text;
    }

  private:
    TemporaryDirectory root_;
    platform::Files files_{root_.path()};
    platform::LinuxProcesses processes_;
    platform::Units units_{files_, processes_, false};
    platform::LinuxPasswords passwords_{files_, processes_};
    platform::LinuxEncryptionRules encryption_{files_};
    ScriptedBus bus_;
    PlayedNetworkManager manager_{bus_};
    platform::LinuxWirelessRules wireless_{bus_, files_};
    platform::LinuxWifi wifi_{bus_, files_};
    MemoryHost memory_;
    platform::LinuxUpdates updates_{files_, processes_, units_, memory_.clock};
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
    return std::make_unique<OnLinux>();
}

bool can_be_tried(const std::string& uri) {
    return uri.find("/Update/") == std::string::npos || std::filesystem::exists("/usr/bin/apt-config");
}

std::string truth_system() {
    return "linux";
}

}  // namespace steward::test

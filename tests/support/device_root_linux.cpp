#include "tests/support/debian_root.h"
#include "tests/support/device_root.h"

namespace steward::test {

const std::string DeviceRoot::first = "./Device/Vendor/MSFT/Policy/Config/DeviceLock/MinDevicePasswordLength";
const std::string DeviceRoot::second = "./Device/Vendor/MSFT/Policy/Config/DeviceLock/DevicePasswordHistory";

DeviceRoot::DeviceRoot() {
    make_debian_root(path());
}

DeviceRoot::~DeviceRoot() = default;

Snapshot DeviceRoot::state() const {
    return snapshot_of(path());
}

void DeviceRoot::undo_first() {
    // With the directory, which was made for it.
    std::filesystem::remove_all(directory_.below("/etc/security/pwquality.conf.d"));
}

std::optional<int> DeviceRoot::first_in_force(platform::Host& host) {
    const auto rules = host.passwords.read();
    return rules ? rules->min_length : std::nullopt;
}

}  // namespace steward::test

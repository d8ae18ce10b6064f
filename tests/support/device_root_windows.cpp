#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/windows/registry.h"
#include "platform/windows/wide.h"
#include "tests/support/device_root.h"

namespace steward::test {
namespace {

using platform::Registry;

const std::string updates = R"(SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate)";

// Where platform/windows/host.cpp keeps the registry of a private root.
std::string place(const std::string& root) {
    return R"(SOFTWARE\Steward\Roots\)" + to_hex(sha256(root)).substr(0, 16);
}

void add(const Registry& registry, const std::string& key, Snapshot& state) {
    const auto values = registry.values(key);
    for (const auto& name : *values) {
        const auto value = registry.find(key, name);
        state[key + "|" + name] = std::to_string((*value)->type) + ":" + (*value)->data;
    }
    const auto keys = registry.keys(key);
    for (const auto& each : *keys) {
        const auto below = key.empty() ? each : key + "\\" + each;
        state[below] = "key";
        add(registry, below, state);
    }
}

}  // namespace

const std::string DeviceRoot::first = "./Device/Vendor/MSFT/Policy/Config/Update/DeferQualityUpdatesPeriodInDays";
const std::string DeviceRoot::second = "./Device/Vendor/MSFT/Policy/Config/Update/DetectionFrequency";

// The keys that every Windows has.
DeviceRoot::DeviceRoot() {
    Registry registry(HKEY_LOCAL_MACHINE, place(path()));
    const platform::Setting always[] = {{"SOFTWARE", "", platform::text_value("always there")}};
    if (!registry.apply(always)) std::abort();
}

DeviceRoot::~DeviceRoot() {
    ::RegDeleteTreeW(HKEY_LOCAL_MACHINE, platform::wide(place(path())).c_str());
    // The keys above, unless somebody else has something there: the tests of the MSI want nothing of ours left.
    for (const auto* above : {LR"(SOFTWARE\Steward\Roots)", LR"(SOFTWARE\Steward)"}) {
        ::RegDeleteKeyW(HKEY_LOCAL_MACHINE, above);
    }
}

Snapshot DeviceRoot::state() const {
    Snapshot state;
    add(Registry(HKEY_LOCAL_MACHINE, place(path())), "", state);
    return state;
}

void DeviceRoot::undo_first() {
    Registry registry(HKEY_LOCAL_MACHINE, place(path()));
    const platform::Setting gone[] = {{updates, "DeferQualityUpdatesPeriodInDays", std::nullopt}};
    if (!registry.apply(gone)) std::abort();
}

std::optional<int> DeviceRoot::first_in_force(platform::Host& host) {
    const auto rules = host.updates.read();
    return rules ? rules->defer_days : std::nullopt;
}

}  // namespace steward::test

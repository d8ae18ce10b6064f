// Wireless networks as profiles of the WLAN service, for all users, on every wireless adapter. Those that people set up
// for themselves are not touched; one of all users that has the same name comes back when ours goes.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/wifi.h"
#include "platform/windows/registry.h"
#include "platform/windows/wlan_calls.h"

namespace steward::platform {

// Where it is kept which networks are ours, one key for each: "Key", "Name", "Cost" where we
// set what it costs, and "Before {GUID}" for what stood there.
inline constexpr std::string_view our_networks = R"(SOFTWARE\Steward\Wifi)";

// Whether the machine knows the authority of this thumbprint, trusted or not.
Result<bool> machine_knows_authority(const std::string& thumbprint);

class WindowsWifi final : public Table<WifiNetwork> {
  public:
    using Authority = std::function<Result<bool>(const std::string& thumbprint)>;
    WindowsWifi(Registry& registry, WlanCalls& calls, Authority knows = machine_knows_authority)
        : registry_(registry), calls_(calls), knows_(std::move(knows)) {}

    Result<std::vector<std::string>> names() override;
    Result<WifiNetwork> read(std::string_view key) override;
    Outcome write(std::string_view key, const WifiNetwork& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    struct Ours {
        std::string key, name;
        bool cost_set = false;                      // by us
        std::map<std::string, std::string> before;  // by adapter: a document
    };
    static std::string place_of(std::string_view key);

    Result<std::optional<Ours>> ours(std::string_view key) const;
    Result<std::optional<WifiNetwork>> present(const Ours& ours);  // with its key
    Outcome possible(std::string_view key, const WifiNetwork& managed, const std::vector<std::string>& adapters) const;
    Outcome remember(std::string_view key, const std::string& name, const std::vector<std::string>& adapters);
    Outcome set_costs(std::string_view key, const WifiNetwork& managed, bool was_set,
                      const std::vector<std::string>& adapters);
    Outcome put_back(const Ours& ours, const std::vector<std::string>& adapters);
    Outcome forget(std::string_view key);

    Registry& registry_;
    WlanCalls& calls_;
    Authority knows_;
};

}  // namespace steward::platform

// Windows' own CSPs, as far as an administrator lets servers of ours have them: HKLM\SOFTWARE\Steward\Bridge, Serve,
// a text with the nodes below ./Vendor/MSFT, separated by ";" ("Policy/Config/Camera;Firewall"), or "*".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/bridge.h"
#include "platform/windows/bridge_calls.h"
#include "platform/windows/registry.h"

namespace steward::platform {

class WindowsBridge final : public Bridge {
  public:
    WindowsBridge(Registry& registry, BridgeCalls& calls) : registry_(registry), calls_(calls) {}

    Result<std::vector<BridgeNode>> nodes() override;
    Result<BridgeValues> read(const BridgeNode& node) override;
    Outcome write(const BridgeNode& node, const BridgeValues& managed) override;

  private:
    // What an instance says, and its path; nullopt: there is none.
    struct Instance {
        std::string path;
        WmiObject keys;
        BridgeValues values;
    };
    // What stood there before us, by leaf; nullopt: nothing.
    using Notes = std::map<std::string, std::optional<std::string>, std::less<>>;

    Result<std::optional<Instance>> find(const std::string& name, const BridgeNode& node);
    Result<Notes> notes_of(const std::string& uri) const;
    Outcome keep(const std::string& uri, const Notes& from, const Notes& to);
    Outcome replace(const BridgeNode& node, const std::optional<Instance>& before, const BridgeValues& values);

    Registry& registry_;
    BridgeCalls& calls_;
};

// Whether the policy ("Camera", "AllowCamera") is one that we have set through the bridge.
bool set_through_bridge(const Registry& registry, std::string_view area, std::string_view policy);

}  // namespace steward::platform

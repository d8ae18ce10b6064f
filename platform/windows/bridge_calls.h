// The namespace root\cimv2\mdm\dmmap, in which Windows serves its own CSPs as classes. The seam that tests put a script
// behind. Source: MDM Bridge WMI Provider, learn.microsoft.com/windows/win32/dmwmibridgeprov.
#pragma once

#include <string>
#include <vector>

#include "platform/bridge.h"
#include "platform/windows/wmi.h"

namespace steward::platform {

struct BridgeClass {
    std::string name;  // "MDM_Policy_Config01_Camera02"
    // The properties but its keys; those of a type that no node has are left out. A setting is one with the qualifier
    // "write".
    std::vector<BridgeLeaf> properties;
};

struct BridgeCalls {
    virtual ~BridgeCalls() = default;
    // Those of the device ("local-system"). Fault unsupported: this Windows has no such namespace.
    virtual Result<std::vector<BridgeClass>> classes() = 0;
    virtual Result<std::vector<WmiObject>> instances(const std::string& name) = 0;
    // An instance with these properties, keys included; monostate: without a value. The one with these keys is
    // replaced.
    virtual Outcome put(const std::string& name, const WmiObject& properties) = 0;
    virtual Outcome erase(const std::string& path) = 0;  // "__RELPATH" of an instance
};

BridgeCalls& bridge_calls();

}  // namespace steward::platform

// Nodes that the operating system's own management serves, for those that no CSP of ours declares.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "platform/base/result.h"

namespace steward::platform {

struct BridgeLeaf {
    enum class Kind : std::uint8_t { text, number, flag };
    std::string name;
    Kind kind = Kind::text;
    bool setting = false;  // it may be set; otherwise it is only told
};

// An interior node with its leaves.
struct BridgeNode {
    std::string uri;     // canonical: "./Device/Vendor/MSFT/Policy/Config/Camera"
    std::string source;  // what the system calls it: "MDM_Policy_Config01_Camera02"
    std::vector<BridgeLeaf> leaves;
};

// By name of the leaf, as SyncML spells them: "12", "true". What is not there has no value.
using BridgeValues = std::map<std::string, std::string, std::less<>>;

struct Bridge {
    virtual ~Bridge() = default;
    // Those that an administrator lets through and those that still hold something of ours. None: nothing is let
    // through.
    virtual Result<std::vector<BridgeNode>> nodes() = 0;
    virtual Result<BridgeValues> read(const BridgeNode& node) = 0;
    // The promises of Record::write.
    virtual Outcome write(const BridgeNode& node, const BridgeValues& managed) = 0;
};

}  // namespace steward::platform

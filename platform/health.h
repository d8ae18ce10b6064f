// How well the device is protected: the facts of DeviceStatus. Unknown is nullopt, never a guess.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/shapes.h"

namespace steward::platform {

enum class SecureBoot { not_supported = 0, enabled = 1, disabled = 2 };
enum class DmaProtection { enabled = 1, disabled = 2 };
enum class Guard { on = 0, off = 1, not_installed = 4 };  // WSC_SECURITY_PROVIDER_HEALTH as DeviceStatus spells it

// Read only: write() is refused. The integers are the numbers of the enums above.
struct Health {
    std::optional<int> secure_boot;
    std::optional<bool> system_encrypted;    // the volume that holds /
    std::optional<std::string> tpm_version;  // "2.0"
    std::optional<int> dma_protection;       // of ports that give direct memory access
    std::optional<int> antivirus;
    std::optional<int> antivirus_signatures;  // 0 out of date, 1 up to date, 2 not applicable
    std::optional<int> firewall;
    std::optional<std::string> domain;  // the directory domain; empty: joined to none
};

}  // namespace steward::platform

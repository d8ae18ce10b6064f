// Who this device is: the facts of DevInfo and DevDetail. Whatever the device can't tell truthfully is nullopt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/shapes.h"

namespace steward::platform {

// Read only: write() is refused.
struct Identity {
    std::optional<std::string> device_id;       // the agent's own, made once; not the machine's
    std::optional<std::string> hardware_id;     // a digest that names this installation without giving its id away
    std::optional<std::string> manufacturer;    // "LENOVO"
    std::optional<std::string> model;           // "20XWCTO1WW"
    std::optional<std::string> sku;             // "LENOVO_MT_20XW_BU_Think"
    std::optional<std::string> serial_number;   // of the chassis
    std::optional<std::string> smbios_version;  // "3.3"
    std::optional<std::string> firmware_version;
    std::optional<std::string> hardware_version;
    std::optional<std::string> os_name;         // "Debian GNU/Linux 12 (bookworm)"
    std::optional<std::string> os_edition;      // "Debian GNU/Linux"
    std::optional<std::string> os_version;      // "12"
    std::optional<std::string> language;        // BCP 47: "de-DE"
    std::optional<std::string> host_name;       // "laptop7"
    std::optional<std::string> dns_name;        // "laptop7.example.org", or the host name
    std::optional<std::string> local_time;      // ISO 8601 with offset
    std::optional<std::string> resolution;      // of the first connected screen: "1920x1080"
    std::optional<int> processor_architecture;  // SYSTEM_INFO.wProcessorArchitecture: 9 is x64, 12 is ARM64
    std::optional<int> processor_type;          // SYSTEM_INFO.dwProcessorType: 8664 is x64
    std::optional<std::int64_t> total_ram_mib;
    std::optional<std::int64_t> total_storage_mib;  // all built-in disks
    std::optional<std::int64_t> free_storage_mib;   // of the system volume
};

}  // namespace steward::platform

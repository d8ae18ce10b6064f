// What the firmware says of this machine: the tables of SMBIOS. Source: DSP0134, sections 6 and 7.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace steward::platform {

struct Smbios {
    std::optional<std::string> version;                                                    // "3.3"
    std::optional<std::string> manufacturer, model, hardware_version, serial_number, sku;  // of the system (type 1)
    std::optional<std::string> firmware_version;                                           // type 0
};

// Of RawSMBIOSData, as GetSystemFirmwareTable gives it. What board makers leave when they have nothing to say is
// nullopt; so is everything after the first structure that makes no sense.
Smbios read_smbios(std::string_view raw);

std::string smbios_table();  // of this machine; empty: it has none

}  // namespace steward::platform

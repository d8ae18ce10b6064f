// DevDetail: the make-up of the device, asked for when a server wants to know more. Source: OMA DM Standardized
// Objects 1.2, DDF DevDetail.
#include "csp/csp.h"
#include "csp/unknown.h"
#include "platform/host.h"

namespace steward::csp {
namespace {

using platform::Adapter;
using platform::Identity;

// The facts of the wireless adapter that carries traffic, else of the first one.
struct Wireless {
    std::string address;
    Adapter adapter;
};

Result<Wireless> wireless(platform::Host& host) {
    auto names = host.adapters.names();
    if (!names) return std::move(names).error();
    std::optional<Wireless> best;
    for (const auto& name : *names) {
        auto adapter = host.adapters.read(name);
        if (!adapter || adapter->kind != Adapter::wireless) continue;
        const bool connected = adapter->connected.value_or(false);
        if (!best || (connected && !best->adapter.connected.value_or(false))) best = Wireless{name, *adapter};
    }
    if (!best) return Error{Fault::not_found, "This device has no wireless adapter.", ""};
    return *best;
}

Leaf wireless_fact(std::string path, std::string about, platform::Host& host,
                   std::optional<std::string> Adapter::*member) {
    return value(std::move(path), Format::chr, std::move(about), [&host, member](const Keys&) -> Result<std::string> {
        auto found = wireless(host);
        if (!found) return std::move(found).error();
        const auto& fact = found->adapter.*member;
        if (!fact) return Error{Fault::not_found, "The wireless adapter has no address now.", ""};
        return *fact;
    });
}

Leaf limit(std::string path, std::string about) {
    return value(std::move(path), Format::chr, std::move(about) + " 0: no fixed limit.",
                 [](const Keys&) -> Result<std::string> { return std::string("0"); });
}

}  // namespace

Csp dev_detail(platform::Host& host) {
    return Csp("./DevDetail", "What this device is made of.")
        .report<Identity>(
            host.identity,
            {
                or_say("Unknown", field("DevTyp", &Identity::model, "The kind of device: its model.")),
                or_say("Unknown", field("OEM", &Identity::manufacturer, "Who made the device.")),
                field("FwV", &Identity::firmware_version, "The version of the firmware."),
                field("SwV", &Identity::os_version, "The version of the operating system, as it counts itself."),
                field("HwV", &Identity::hardware_version, "The version of the hardware."),
                field("Ext/Microsoft/Resolution", &Identity::resolution, "Width and height of the screen in pixels."),
                field("Ext/Microsoft/ProcessorArchitecture", &Identity::processor_architecture,
                      "The processor family in the numbers of SYSTEM_INFO: 9 is x64, 12 is ARM64."),
                field("Ext/Microsoft/ProcessorType", &Identity::processor_type,
                      "The processor type in the numbers of SYSTEM_INFO: 8664 is x64."),
                field("Ext/Microsoft/OSPlatform", &Identity::os_name, "The full name of the operating system."),
                field("Ext/Microsoft/LocalTime", &Identity::local_time, "The local time, in ISO 8601 with its offset."),
                field("Ext/Microsoft/DeviceName", &Identity::host_name, "The name of the device."),
                field("Ext/Microsoft/DNSComputerName", &Identity::dns_name, "The name of the device in the network."),
                field("Ext/Microsoft/TotalStorage", &Identity::total_storage_mib,
                      "Size of the built-in disks in MB of 1,048,576 bytes."),
                field("Ext/Microsoft/FreeStorage", &Identity::free_storage_mib,
                      "Free space of the system volume in MB."),
                field("Ext/Microsoft/TotalRAM", &Identity::total_ram_mib, "Usable memory in MB."),
                field("Ext/Microsoft/SMBIOSSerialNumber", &Identity::serial_number, "The serial number of the device."),
                field("Ext/Microsoft/SMBIOSVersion", &Identity::smbios_version, "The SMBIOS version of the firmware."),
                field("Ext/Microsoft/SystemSKU", &Identity::sku, "The maker's stock-keeping name of the device."),
            })
        .nodes({
            limit("URI/MaxDepth", "How many segments an address may have."),
            limit("URI/MaxTotLen", "How long an address may be."),
            limit("URI/MaxSegLen", "How long one segment of an address may be."),
            value("LrgObj", Format::boolean, "Whether values may come in chunks.",
                  [](const Keys&) -> Result<std::string> { return std::string("true"); }),
            value("Ext/WLANMACAddress", Format::chr, "Hardware address of the wireless adapter.",
                  [&host](const Keys&) -> Result<std::string> {
                      auto found = wireless(host);
                      if (!found) return std::move(found).error();
                      return std::move(found->address);
                  }),
            wireless_fact("Ext/WlanIPv4Address", "IPv4 address of the wireless adapter.", host, &Adapter::ipv4),
            wireless_fact("Ext/WlanIPv6Address", "IPv6 address of the wireless adapter.", host, &Adapter::ipv6),
            wireless_fact("Ext/WlanSubnetMask", "IPv4 netmask of the wireless adapter.", host, &Adapter::ipv4_netmask),
        });
}

}  // namespace steward::csp

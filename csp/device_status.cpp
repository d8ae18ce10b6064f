// DeviceStatus: how the device is, for compliance checks. What can't be told answers 404 or the word that the DDF has
// for it, never a value that looks like good news. Source: DDF DeviceStatus.
#include "csp/csp.h"
#include "csp/unknown.h"
#include "platform/host.h"

namespace steward::csp {

using platform::Adapter;
using platform::Battery;
using platform::Health;
using platform::Identity;

Csp device_status(platform::Host& host) {
    return Csp("./Device/Vendor/MSFT/DeviceStatus", "How well this device is protected, connected and powered.")
        .report<Health>(
            host.health,
            {
                field("SecureBootState", &Health::secure_boot,
                      "0: the firmware has no Secure Boot; 1: it is on; 2: it is off."),
                field("Compliance/EncryptionCompliance", &Health::system_encrypted,
                      "Whether the system volume is encrypted."),
                or_say("Not available",
                       field("TPM/SpecificationVersion", &Health::tpm_version, "The version of the TPM standard.")
                           .otherwise("Not available")),
                field("Antivirus/Status", &Health::antivirus, "0: scanning; 1: not running; 4: none is installed."),
                field("Antivirus/SignatureStatus", &Health::antivirus_signatures,
                      "0: older than a week; 1: up to date; 2: there are none."),
                field("Firewall/Status", &Health::firewall, "0: on. Rules loaded by hand can't be judged."),
                field("DMA/BootDMAProtectionStatus", &Health::dma_protection,
                      "1: ports with direct memory access are guarded by an IOMMU; 2: they are not."),
                field("DomainName", &Health::domain, "The directory domain; empty when the device has joined none."),
            })
        .report<Battery>(host.battery,
                         {
                             field("Battery/Status", &Battery::flags,
                                   "Sum of 1 (high), 2 (low), 4 (critical), 8 (charging); 128: there is no battery."),
                             field("Battery/EstimatedChargeRemaining", &Battery::seconds_left,
                                   "Seconds until the battery is empty; -1 on mains."),
                             field("Battery/EstimatedRuntime", &Battery::seconds_full,
                                   "Seconds that a full battery would last; -1 on mains."),
                         })
        .report<Identity>(host.identity,
                          {
                              or_say("Not available",
                                     field("OS/Edition", &Identity::os_edition, "The edition of the operating system.")
                                         .otherwise("Not available")),
                          })
        .inventory<Adapter>(host.adapters, "NetworkIdentifiers/{MacAddress}",
                            {
                                field("IPAddressV4", &Adapter::ipv4, "IPv4 address of the adapter."),
                                field("IPAddressV6", &Adapter::ipv6, "IPv6 address of the adapter."),
                                field("IsConnected", &Adapter::connected, "Whether it has a link."),
                                field("Type", &Adapter::kind, "1: wired; 2: wireless; 0: neither is known."),
                            });
}

}  // namespace steward::csp

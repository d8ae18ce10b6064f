#include "tests/support/memory_host.h"

#include <algorithm>

namespace steward::test {
namespace {

template <class Member>
void overlay(Member& device, const Member& managed) {
    if (managed) device = managed;
}

}  // namespace

platform::PasswordRules overlaid(platform::PasswordRules device, const platform::PasswordRules& managed) {
    overlay(device.required, managed.required);
    overlay(device.min_length, managed.min_length);
    overlay(device.complex_characters, managed.complex_characters);
    overlay(device.alphanumeric, managed.alphanumeric);
    overlay(device.allow_simple, managed.allow_simple);
    overlay(device.complexity, managed.complexity);
    overlay(device.history, managed.history);
    overlay(device.expiration_days, managed.expiration_days);
    overlay(device.minimum_age_days, managed.minimum_age_days);
    overlay(device.max_failed_attempts, managed.max_failed_attempts);
    overlay(device.lockout, managed.lockout);
    overlay(device.lock_administrator, managed.lock_administrator);
    overlay(device.inactivity_minutes, managed.inactivity_minutes);
    if (managed.min_length) device.min_length = std::max(*device.min_length, 6);  // the floor of libpwquality
    return device;
}

platform::EncryptionRules overlaid(platform::EncryptionRules device, const platform::EncryptionRules& managed) {
    overlay(device.required, managed.required);
    overlay(device.methods, managed.methods);
    return device;
}

platform::WirelessRules overlaid(platform::WirelessRules device, const platform::WirelessRules& managed) {
    overlay(device.allowed, managed.allowed);
    overlay(device.sharing, managed.sharing);
    return device;
}

MemoryHost::MemoryHost()
    : host{clock,         identity,
           health,        battery,
           passwords,     logins,
           adapters,      uplink,
           updates,       {installable, installed, failed, pending_restart, approved, stale},
           update_facts,  update_deadline,
           power,         restarts,
           screens,       volumes,
           encryption,    escrow,
           recovery_keys, {roots, system_trust, intermediates, clients, personal},
           wifi,          network_guard,
           wiper,         wireless} {
    auto& who = identity.device;
    who.device_id = "4f1c2d3e4b5a69788796a5b4c3d2e1f0";
    who.hardware_id = "0a1b2c3d";
    who.manufacturer = "LENOVO";
    who.model = "20XWCTO1WW";
    who.os_name = "Debian GNU/Linux 12 (bookworm)";
    who.os_edition = "Debian GNU/Linux";
    who.os_version = "12";
    who.language = "de-DE";
    who.host_name = "laptop7";
    who.dns_name = "laptop7.example.org";
    who.processor_architecture = 9;
    who.processor_type = 8664;
    who.total_ram_mib = 15719;

    health.device.secure_boot = static_cast<int>(platform::SecureBoot::enabled);
    health.device.system_encrypted = true;
    health.device.tpm_version = "2.0";

    platform::Volume disk;
    disk.judgement = platform::Judgement::encrypted;
    disk.drive = platform::Drive::system;
    disk.reason = "Every way down to the disk is encrypted.";
    disk.kind = "LUKS2";
    disk.cipher = "aes-xts-plain64";
    disk.key_bits = 512;
    volumes.rows.emplace("/", disk);
    encryption.device.required = false;

    auto& rules = passwords.device;
    rules.required = true;
    rules.min_length = 8;
    rules.complex_characters = 1;
    rules.alphanumeric = rules.complexity = false;
    rules.allow_simple = true;
    rules.history = 10;
    rules.expiration_days = rules.minimum_age_days = 0;
    rules.max_failed_attempts = 3;
    rules.lockout = platform::Lockout{3, 10, 15};
    rules.lock_administrator = false;
    rules.inactivity_minutes = 0;

    logins.device.users = {"user"};
    platform::Adapter adapter;
    adapter.interface = "wlp0s20f3";
    adapter.kind = platform::Adapter::wireless;
    adapter.connected = true;
    adapter.ipv4 = "192.0.2.7";
    adapter.ipv4_netmask = "255.255.255.0";
    adapters.rows.emplace("a4:34:d9:01:02:03", adapter);
}

}  // namespace steward::test

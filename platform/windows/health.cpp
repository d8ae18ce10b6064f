#include "platform/windows/health.h"

namespace steward::platform {
namespace {

constexpr std::string_view secure_boot_key = R"(SYSTEM\CurrentControlSet\Control\SecureBoot\State)";
const std::string security_center = R"(root\SecurityCenter2)";
constexpr std::int64_t stale_signatures = 0x10;  // of the lowest byte of productState; source: WSC's providers

std::optional<int> guard_of(std::optional<int> health) {
    if (!health) return std::nullopt;
    return static_cast<int>(*health == 0 ? Guard::on : Guard::off);
}

}  // namespace

// The security centre knows each product; the newest that is on decides about signatures.
void WindowsHealth::read_antivirus(Health& health) {
    health.antivirus = guard_of(calls_.guard(HealthCalls::Provider::antivirus));
    const auto products = wmi_.query(security_center, "SELECT * FROM AntiVirusProduct");
    if (!products) return;
    if (products->empty()) {
        health.antivirus = static_cast<int>(Guard::not_installed);
        health.antivirus_signatures = 2;
        return;
    }
    bool all_fresh = true;
    for (const auto& product : *products) {
        const auto state = number_of(product, "productState");
        if (!state) return;
        all_fresh = all_fresh && (*state & stale_signatures) == 0;
    }
    health.antivirus_signatures = all_fresh ? 1 : 0;
}

Result<Health> WindowsHealth::read() {
    Health health;
    const auto secure_boot = registry_.find(secure_boot_key, "UEFISecureBootEnabled");
    if (secure_boot && !*secure_boot) health.secure_boot = static_cast<int>(SecureBoot::not_supported);
    if (secure_boot && *secure_boot) {
        const auto on = number_in(**secure_boot);
        if (on) health.secure_boot = static_cast<int>(*on == 1 ? SecureBoot::enabled : SecureBoot::disabled);
    }
    const auto volumes = bit_locker_.volumes();
    if (volumes) {
        const auto sealed = bit_locker_.seals_system();
        if (sealed) health.system_encrypted = *sealed;
    }
    if (const auto version = calls_.tpm_version()) health.tpm_version = *version == 2 ? "2.0" : "1.2";
    if (const auto guarded = calls_.dma_guarded()) {
        health.dma_protection = static_cast<int>(*guarded ? DmaProtection::enabled : DmaProtection::disabled);
    }
    read_antivirus(health);
    health.firewall = guard_of(calls_.guard(HealthCalls::Provider::firewall));
    health.domain = calls_.domain();
    return health;
}

Outcome WindowsHealth::write(const Health&) {
    return Error{Fault::refused, "The health of a device is observed, not set.", ""};
}

}  // namespace steward::platform

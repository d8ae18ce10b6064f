// Health on Windows: what the registry, the TPM's base services, the security centre and BitLocker say.
#pragma once

#include "platform/health.h"
#include "platform/windows/bit_locker.h"
#include "platform/windows/registry.h"

namespace steward::platform {

// Calls that are not everywhere: the seam that tests put a script behind.
struct HealthCalls {
    virtual ~HealthCalls() = default;
    virtual std::optional<int> tpm_version() = 0;  // 1 or 2
    virtual std::optional<bool> dma_guarded() = 0;
    enum class Provider { firewall = 1, antivirus = 4 };
    virtual std::optional<int> guard(
        Provider provider) = 0;                       // WSC_SECURITY_PROVIDER_HEALTH: 0 good, 1 off, 2 poor, 3 snoozes
    virtual std::optional<std::string> domain() = 0;  // empty: joined to none
};
HealthCalls& health_calls();

class WindowsHealth final : public Record<Health> {
  public:
    WindowsHealth(const Registry& registry, Wmi& wmi, const BitLocker& bit_locker, HealthCalls& calls)
        : registry_(registry), wmi_(wmi), bit_locker_(bit_locker), calls_(calls) {}
    Result<Health> read() override;
    Outcome write(const Health& managed) override;

  private:
    void read_antivirus(Health& health);

    const Registry& registry_;
    Wmi& wmi_;
    const BitLocker& bit_locker_;
    HealthCalls& calls_;
};

}  // namespace steward::platform

// Provisioning documents: whatever stands in one, it becomes plain values within their limits, or an error with a
// reason.
#include "agent/enrol/provisioning.h"

#include <cstddef>
#include <cstdint>

#include "agent/transport/curl.h"
#include "tests/fuzz/expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace steward;
    const auto found = enrol::read_provisioning({reinterpret_cast<const char*>(data), size});
    if (!found.ok()) {
        fuzz::expect_reason(found.error());
        fuzz::expect(found.error().evidence.starts_with("0x8018"), "an error has its code");
        return 0;
    }
    fuzz::expect(found->provider.size() <= 200, "a provider has a bounded name");
    fuzz::expect(found->provider.empty() || transport::acceptable_url(found->url).ok(),
                 "an account has a safe address");
    fuzz::expect(found->account_settings.size() <= 500 && found->provider_settings.size() <= 500,
                 "settings are not endless");
    fuzz::expect(found->renewal.retry_days >= 1 && found->renewal.retry_days <= found->renewal.period_days &&
                     found->renewal.period_days <= 1000,
                 "renewal terms are in range");
    return 0;
}

// Answers of enrolment services, each read as all three of them.
#include "agent/enrol/soap.h"

#include <cstddef>
#include <cstdint>

#include "agent/enrol/certificate.h"
#include "agent/enrol/discovery.h"
#include "agent/enrol/policy.h"
#include "agent/transport/curl.h"
#include "tests/fuzz/expect.h"

namespace {

void expect_one_line(const std::string& text) {
    for (const char c : text) {
        steward::fuzz::expect(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "an error is one clean line");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace steward;
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    const auto bad = enrol::read_envelope(500, body);
    fuzz::expect(!bad.ok(), "a status of failure is one");
    fuzz::expect_reason(bad.error());
    const auto good = enrol::read_envelope(200, body);
    if (!good.ok()) {
        fuzz::expect_reason(good.error());
        expect_one_line(good.error().what);
        expect_one_line(good.error().evidence);
        return 0;
    }
    if (const auto found = enrol::read_discovered(*good); found.ok()) {
        fuzz::expect(transport::acceptable_url(found->service_url).ok(), "a service has a safe address");
    } else {
        fuzz::expect_reason(found.error());
    }
    if (const auto policy = enrol::read_policies(*good); policy.ok()) {
        fuzz::expect(policy->bits >= 2048 && policy->bits <= 8192, "a key is neither weak nor endless");
    } else {
        fuzz::expect_reason(policy.error());
    }
    if (const auto document = enrol::read_token(*good); !document.ok()) fuzz::expect_reason(document.error());
    return 0;
}

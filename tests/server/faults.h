// Deliberate failures of the test server, chosen by --fault NAME[=VALUE][@PLACE]. Source of the SOAP faults: MS-MDE2
// 2.2.9, protocol sheet 10.9.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"
#include "tests/server/soap.h"

namespace steward::server {

enum class Place : std::uint8_t { discovery, policy, enrolment, session };
std::string_view name_of(Place place);

struct FaultKind {
    enum class Does : std::uint8_t {
        soap,           // a SOAP fault
        busy,           // 503 with Retry-After: VALUE seconds
        cut,            // the connection closes after VALUE bytes of the body
        wrong_nonce,    // AAUTHDATA is not the nonce that the server goes by
        expired,        // the certificate's time is over
        redirect,       // 302 to the same service under another path, which answers
        redirect_loop,  // 302 to itself
        http_redirect   // 302 to the same service over http
    };
    std::string_view name, about;
    Does does = Does::soap;
    Place usual = Place::enrolment;
    std::string_view subcode = {}, error_type = {};
    std::string_view value = {};  // without one of the user
};
const std::vector<FaultKind>& fault_kinds();

struct ChosenFault {
    const FaultKind* kind = nullptr;
    std::string value;
    Place place = Place::enrolment;
    std::size_t left = 0;  // how often it still happens
    bool always = true;
};
Result<ChosenFault> chosen_fault(std::string_view words);  // "busy=3@policy"; it happens for ever

// What is to fail, asked by every request. Called from all threads.
class Faults {
  public:
    explicit Faults(std::vector<ChosenFault> chosen = {}) : chosen_(std::move(chosen)) {}
    Faults(Faults&& other) noexcept : chosen_(std::move(other.chosen_)) {}

    // The next one that is due here and does one of these; it is used up by asking.
    std::optional<ChosenFault> due(Place place, std::initializer_list<FaultKind::Does> of);

  private:
    std::mutex mutex_;
    std::vector<ChosenFault> chosen_;
};

SoapFault soap_fault(const ChosenFault& fault, const std::string& trace_id);

}  // namespace steward::server

#include "tests/server/faults.h"

#include <algorithm>
#include <array>

#include "platform/base/text.h"

namespace steward::server {
namespace {

using Does = FaultKind::Does;

constexpr std::array<std::string_view, 4> places = {"discovery", "policy", "enrolment", "session"};

}  // namespace

std::string_view name_of(Place place) {
    return places[static_cast<std::size_t>(place)];
}

const std::vector<FaultKind>& fault_kinds() {
    constexpr auto soap = Does::soap;
    constexpr auto here = Place::enrolment;
    constexpr std::string_view receiver = "s:EnrollmentServer";
    static const std::vector<FaultKind> kinds = {
        {"message-format", "s:MessageFormat, 0x80180001", soap, here, "s:MessageFormat"},
        {"authentication", "s:Authentication, 0x80180002", soap, here, "s:Authentication"},
        {"authorization", "s:Authorization, 0x80180003", soap, here, "s:Authorization"},
        {"certificate-request", "s:CertificateRequest, 0x80180004", soap, here, "s:CertificateRequest"},
        {"enrollment-server", "s:EnrollmentServer, 0x80180005", soap, here, "s:EnrollmentServer"},
        {"internal", "a:InternalServiceFault, 0x80180006", soap, here, "a:InternalServiceFault"},
        {"invalid-security", "a:InvalidSecurity, 0x80180007", soap, here, "a:InvalidSecurity"},
        {"cap-reached", "DeviceCapReached, 0x80180013", soap, here, "s:Authorization", "DeviceCapReached",
         "This account already has five devices."},
        {"device-not-supported", "DeviceNotSupported, 0x80180014", soap, here, receiver, "DeviceNotSupported",
         "This kind of device is not managed here."},
        {"not-supported", "NotSupported, 0x80180015", soap, here, receiver, "NotSupported",
         "Mobile device management is not configured."},
        {"not-eligible", "NotEligibleToRenew, 0x80180016", soap, here, receiver, "NotEligibleToRenew",
         "The certificate cannot be renewed."},
        {"in-maintenance", "InMaintenance, 0x80180017", soap, here, receiver, "InMaintenance",
         "The service is being maintained."},
        {"user-license", "UserLicense, 0x80180018", soap, here, "s:Authorization", "UserLicense",
         "The account has no licence."},
        {"invalid-data", "InvalidEnrollmentData, 0x80180019", soap, here, "s:MessageFormat", "InvalidEnrollmentData",
         "The enrolment data is not accepted."},
        {"custom", "CustomServerError, 0x80180032, with VALUE for the user", soap, here, receiver, "CustomServerError",
         "Please call the help desk."},
        {"busy", "503 with Retry-After: VALUE (2)", Does::busy, here, {}, {}, "2"},
        {"cut", "the connection closes after VALUE (100) bytes of the answer", Does::cut, here, {}, {}, "100"},
        {"wrong-nonce", "AAUTHDATA is not the nonce that the server goes by", Does::wrong_nonce, here},
        {"expired-certificate", "the certificate that is issued ended yesterday", Does::expired, here},
        {"redirect", "302 to the same service under another path", Does::redirect, Place::discovery},
        {"redirect-loop", "302 to the very same address", Does::redirect_loop, Place::discovery},
        {"http-redirect", "302 to the same service over http", Does::http_redirect, Place::discovery},
    };
    return kinds;
}

Result<ChosenFault> chosen_fault(std::string_view words) {
    ChosenFault made;
    auto rest = words;
    const auto at = rest.rfind('@');
    std::optional<Place> place;
    if (at != rest.npos) {
        const auto found = std::find(places.begin(), places.end(), rest.substr(at + 1));
        if (found == places.end()) {
            return Error{Fault::invalid,
                         "\"" + std::string(words) +
                             "\" names no place after @; there are discovery, policy, enrolment and session.",
                         std::string(words)};
        }
        place = static_cast<Place>(found - places.begin());
        rest = rest.substr(0, at);
    }
    const auto equal = rest.find('=');
    const auto name = rest.substr(0, equal);
    std::vector<std::string> names;
    for (const auto& kind : fault_kinds()) {
        names.emplace_back(kind.name);
        if (kind.name == name) made.kind = &kind;
    }
    if (made.kind == nullptr) {
        return Error{Fault::not_found,
                     "There is no fault \"" + std::string(name) + "\"; there are " + join(names, ", ") + '.',
                     std::string(words)};
    }
    made.value = equal == rest.npos ? made.kind->value : rest.substr(equal + 1);
    made.place = place.value_or(made.kind->usual);
    const bool number = made.kind->does == Does::busy || made.kind->does == Does::cut;
    if (const auto value = to_integer(made.value); number && (!value || *value < 0 || *value > 1'000'000)) {
        return Error{Fault::invalid, "The fault " + std::string(name) + " wants a number after =.", std::string(words)};
    }
    const bool everywhere = number || made.kind->does == Does::soap;
    const bool moves = made.kind->does == Does::redirect || made.kind->does == Does::redirect_loop ||
                       made.kind->does == Does::http_redirect;
    if (!everywhere && !moves && made.place != Place::enrolment) {
        return Error{Fault::invalid,
                     "The fault " + std::string(name) + " has no meaning at " + std::string(name_of(made.place)) + '.',
                     std::string(words)};
    }
    return made;
}

std::optional<ChosenFault> Faults::due(Place place, std::initializer_list<FaultKind::Does> of) {
    const std::lock_guard lock(mutex_);
    for (auto& fault : chosen_) {
        const bool asked = std::find(of.begin(), of.end(), fault.kind->does) != of.end();
        if (!asked || fault.place != place || (!fault.always && fault.left == 0)) continue;
        if (!fault.always) --fault.left;
        return fault;
    }
    return std::nullopt;
}

SoapFault soap_fault(const ChosenFault& fault, const std::string& trace_id) {
    SoapFault made;
    made.subcode = fault.kind->subcode;
    made.code = made.subcode == "s:MessageFormat" || made.subcode == "a:InvalidSecurity" ? "s:Sender" : "s:Receiver";
    made.error_type = fault.kind->error_type;
    made.reason = fault.value.empty() ? "The test server was told to fail with " + std::string(fault.kind->name) + '.'
                                      : fault.value;
    made.message = made.reason;
    made.trace_id = trace_id;
    return made;
}

}  // namespace steward::server

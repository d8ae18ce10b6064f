// Why an enrolment was refused, in words, with who can change it. Source: MS-MDE2 2.2.9, protocol sheet 10.9; the
// codes are the HRESULTs that Windows shows (mdmregistration.h), so that people find them in the server's manual.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "agent/syncml/document.h"
#include "platform/base/result.h"

namespace steward::enrol {

using syncml::Element;

struct Refusal {
    std::uint32_t code;         // 0x80180013
    std::string_view name;      // as it stands on the wire, or Windows' name for a code of the client itself
    std::string_view sentence;  // what is wrong, and who can do what about it
    Fault fault;
};

std::span<const Refusal> refusals();
const Refusal* refusal_of(std::uint32_t code);
const Refusal* refusal_named(std::string_view name);  // "DeviceCapReached", "Authorization"; any case, any prefix

// The error for a Fault element of SOAP 1.1 or 1.2. Evidence: "0x80180013 DeviceCapReached; server says: …; trace …".
Error explain(const Element& fault);

// An error of our own under the code that Windows would show: the code goes in front of the evidence.
Error with_code(std::uint32_t code, Error error);

}  // namespace steward::enrol

// SOAP as enrolment speaks it: envelopes byte for byte as Windows writes them (wire rules S1 to S10), answers read with
// tolerance (A12, A13). Source: MS-MDE2 2.2 and 3, protocol sheet 10.2.
#pragma once

#include <string>
#include <string_view>

#include "agent/syncml/document.h"
#include "agent/transport/exchange.h"
#include "platform/base/result.h"

namespace steward::enrol {

using syncml::Element;

enum class Dialect { discovery, policy, token };  // which of the three services

struct Envelope {
    Dialect dialect = Dialect::discovery;
    std::string to;
    std::string security;  // the element wsse:Security; empty: none
    std::string body;      // what stands in s:Body
};

std::string write_envelope(const Envelope& envelope);

// The Body of an answer of that HTTP status; a Fault in it becomes the Error that explain() makes, whatever the status
// says. Further faults: malformed (no SOAP), not_found, denied, io (by the status, when no SOAP came).
Result<Element> read_envelope(int status, std::string_view body);

// Sends it and reads the answer. A redirect is refused: secrets stand in what is sent.
Result<Element> call(transport::Exchange& exchange, const std::string& url, std::string envelope);

// GET as the enrolment client of Windows makes it.
Result<transport::Reply> probe(transport::Exchange& exchange, const std::string& url);

// "<name>text</name>" with the text escaped.
std::string element(std::string_view name, std::string_view text);

}  // namespace steward::enrol

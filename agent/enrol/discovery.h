// Which services enrol the users of a domain, and how they want to be convinced. Source: MS-MDE2 3.1, sheet 10.3.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "agent/enrol/credentials.h"
#include "agent/enrol/facts.h"
#include "agent/transport/exchange.h"
#include "platform/base/result.h"

namespace steward::enrol {

struct Discovered {
    AuthPolicy policy = AuthPolicy::on_premise;
    std::string version;      // EnrollmentVersion: "4.0"; empty: not said
    std::string policy_url;   // empty: GetPolicies is skipped
    std::string service_url;  // where certificates are asked for
    std::string sign_in_url;  // the web page of AuthPolicy::federated
};

// https://enterpriseenrollment.DOMAIN/EnrollmentServer/Discovery.svc for user@DOMAIN; Fault invalid for anything else.
Result<std::string> discovery_url(std::string_view user);

// with_certificate: the caller has one to sign in with, so AuthPolicy::certificate is offered too.
std::string discover_request(std::string_view to, std::string_view user, const DeviceFacts& facts,
                             bool with_certificate);

// From the Body of the answer. Fault invalid when a part is missing or an address is not acceptable.
Result<Discovered> read_discovered(const Element& body);

// GET, at most three redirects that stay with the scheme, then POST to where they led. hop is told each address.
Result<Discovered> discover(transport::Exchange& exchange, std::string url, std::string_view user,
                            const DeviceFacts& facts, bool with_certificate,
                            const std::function<void(const std::string&)>& hop);

}  // namespace steward::enrol

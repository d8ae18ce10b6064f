// What the policy service says: key length and digest of the certificate request. Source: MS-XCEP, protocol sheet 10.5.
#pragma once

#include <string>

namespace steward::server {

// broken: not well-formed as one real server is (A14).
std::string policy_response(int key_length, bool broken);

}  // namespace steward::server

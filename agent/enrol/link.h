// ms-device-enrollment: links, as mails and web pages carry them. All of it is untrusted input: what a link says is
// shown, and nothing happens until the server has proved itself. Source: protocol sheet 10.10.
#pragma once

#include <string>
#include <string_view>

#include "platform/base/result.h"

namespace steward::enrol {

struct Link {
    std::string user;    // username
    std::string server;  // servername: where discovery begins, always https; empty: by the user's domain
    std::string token;   // accesstoken, a secret
    std::string device, tenant;
    enum class Ownership : std::uint8_t { unknown = 1, personal = 2, corporate = 3 } ownership = Ownership::unknown;
};

// "ms-device-enrollment:?mode=mdm&username=…". Values are percent-decoded once. Faults: malformed, invalid,
// unsupported (a mode other than mdm).
Result<Link> read_link(std::string_view text);

}  // namespace steward::enrol

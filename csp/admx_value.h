// The value of a setting that Windows backs with an administrative template:
//     <enabled/><data id="Name" value="7"/>…      or      <disabled/>
// Source: Understanding ADMX policies, "Enabling a policy". Blanks between the elements mean nothing.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "platform/base/result.h"

namespace steward::csp {

struct AdmxValue {
    bool enabled = false;
    std::map<std::string, std::string, std::less<>> data;
};

// Fault invalid for anything else, an id that comes twice and data of what is disabled.
Result<AdmxValue> parse_admx(std::string_view text);

}  // namespace steward::csp

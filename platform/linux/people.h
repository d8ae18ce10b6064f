// The accounts of people: those with a number between UID_MIN and UID_MAX. Root and the accounts of services are none.
// Source: passwd(5), login.defs(5).
#pragma once

#include <string>
#include <vector>

#include "platform/linux/files.h"

namespace steward::platform {

struct Person {
    std::string name, home;
};
Result<std::vector<Person>> people(const Files& files);

}  // namespace steward::platform

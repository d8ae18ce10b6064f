// What of the device decides when a session is held.
#pragma once

#include <set>
#include <string>

#include "agent/app/agent.h"

namespace steward::app {

// This device's place among all with the same schedule, 0 to 1; always the same for one account.
double spread_of(const std::string& device, const std::string& account);

bool power_is_short(Agent& agent);
bool money_is_short(Agent& agent);  // the connection is paid for by what is sent

std::set<std::string> users_of(Agent& agent);  // who are signed in

}  // namespace steward::app

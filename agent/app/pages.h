// What people and scripts read: the state of this device, and how a session went.
#pragma once

#include <string>

#include "agent/app/agent.h"
#include "agent/app/sync.h"

namespace steward::app {

// Accounts, their last and next sessions, and whether the device is as it should be. Text is for people and may change;
// JSON stays.
Result<std::string> status_page(Agent& agent, bool json);

// One line, or nothing in text for a session that failed: its error says it.
std::string session_page(const std::string& account, const SyncResult& result, bool json);

}  // namespace steward::app

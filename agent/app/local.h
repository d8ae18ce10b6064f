// SyncML on this device without a server: the person at the keyboard is an authority of its own.
#pragma once

#include <string>
#include <vector>

#include "agent/app/agent.h"
#include "agent/tree/operation.h"
#include "platform/base/result.h"

namespace steward::app {

// Runs a whole SyncML message, or commands alone (<SyncBody> or bare elements), as a server's would be run, and
// returns the answer as one SyncML message.
Result<std::string> run_locally(Agent& agent, const std::string& body);

// The Add, Replace, Delete, Get, Exec and Copy commands of such a body, containers opened, for a dry run.
Result<std::vector<tree::Operation>> operations_of(const std::string& body);

}  // namespace steward::app

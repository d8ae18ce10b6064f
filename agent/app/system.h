// What the program is besides, on the system that it was built for: agent/app/<os>/ defines this.
#pragma once

#include <memory>
#include <vector>

#include "agent/app/network.h"
#include "agent/app/options.h"
#include "agent/app/verb.h"

namespace steward::app {

std::vector<Verb> verbs_of_this_system();

// How the service reaches the network, by what its command line says of it.
std::vector<Option> network_options();
Result<std::unique_ptr<Network>> network_for(const Options& options);

}  // namespace steward::app

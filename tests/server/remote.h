// The verbs that speak to a running server through its admin socket: devices, queue add, queue list, queue show, queue
// wake.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace steward::server {

// The exit code: 0 done, 1 the server said no, 2 wrong usage, 3 there is no server. nullopt: the words are no such
// verb.
std::optional<int> run_verb(const std::vector<std::string>& words, std::ostream& out, std::ostream& errors);

std::string verbs_help();

}  // namespace steward::server

// SyncML for people: one line per command, without secrets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/syncml/message.h"

namespace steward::transcript {

std::string shorten(std::string_view text, std::size_t most = 60);  // line ends and control characters made visible
std::string describe(const syncml::Command& command);               // the command itself, not its children
std::vector<std::string> describe(const syncml::Message& message);  // header line, then commands, children indented

// Credentials, nonces and the data of nodes whose name says that they are secret are replaced by dots.
std::string redact(std::string_view xml);
bool names_a_secret(std::string_view uri);

}  // namespace steward::transcript

// Messages such as a management server sends, for measuring.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "agent/syncml/message.h"

namespace steward::bench {

enum class Mix { replace, get, mixed };

// A package of `count` commands, each about 260 bytes long where it carries a value.
syncml::Message traffic(Mix mix, std::size_t count);

// What a client answers: one Status per command.
std::vector<syncml::Command> statuses(std::size_t count);

}  // namespace steward::bench

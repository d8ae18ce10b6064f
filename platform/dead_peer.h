// A TCP connection whose other end has gone, or whose own way there has: nothing comes any more, not even an end.
#pragma once

#include <chrono>
#include <cstdint>

namespace steward::platform {

// Has the connection break off once what was sent has not been taken for so long; without this the system may try for a
// quarter of an hour. socket: as the system numbers it. false: the system can't.
bool give_up_untaken(std::intptr_t socket, std::chrono::milliseconds time);

}  // namespace steward::platform

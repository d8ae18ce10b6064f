// A server's message through reader, session, tree (memory only) and writer.
#pragma once

#include <string_view>

namespace steward::bench {

// True when an answer came back for it.
bool whole_message(std::string_view server_message);

}  // namespace steward::bench

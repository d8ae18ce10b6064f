// The least that reading a message with libxml2 can cost: its SAX2 push parser with handlers that do nothing.
#pragma once

#include <string_view>

namespace steward::bench {

bool bare_sax(std::string_view xml);  // false: not well-formed

}  // namespace steward::bench

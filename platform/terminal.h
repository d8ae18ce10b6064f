// The terminal that a person sits at, if there is one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "platform/base/result.h"

namespace steward::platform {

inline constexpr int standard_input = 0, standard_error = 2;  // file descriptors, on every system

bool is_terminal(int descriptor);

// Columns of the terminal behind a descriptor, if it takes UTF-8 and colours. nullopt: no drawing there.
std::optional<std::size_t> drawing_columns(int descriptor);

// A line from the terminal itself, so that a redirected standard input does not get in the way; without echo. Fault
// not_found: there is none.
Result<std::string> ask_secretly(const std::string& question);

}  // namespace steward::platform

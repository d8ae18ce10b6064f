// Placeholders in transcripts: $REPEAT when the file is read, the others when a message is made or compared.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "platform/base/result.h"

namespace steward::transcript {

// $REPEAT(count,text): the text so often, with $N in it counting from 1. May stand inside another one.
Result<std::string> expand_repeats(std::string_view text, std::size_t limit = 64u << 20);

// Names without the dollar sign. A dollar sign before anything else stays as it is.
using Values = std::map<std::string, std::string, std::less<>>;
std::string fill_in(std::string_view text, const Values& values);

// True when the text is the pattern, where $ANY in the pattern stands for any text, the shortest that fits.
bool matches_exactly(std::string_view pattern, std::string_view text);

}  // namespace steward::transcript

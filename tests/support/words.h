// The words of one transcript line: bare words, and key=value with the comparisons a transcript knows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace steward::transcript {

struct Word {
    enum class Is : std::uint8_t {
        bare,     // word
        equal,    // key=value
        differs,  // key!=value
        like,     // key=~regex
        at_most,  // key<=number
        at_least  // key>=number
    };
    std::string key;
    Is is = Is::bare;
    std::string value;
};

// Blanks separate words; a value with blanks stands in "double quotes", where \" \\ \n \t are escapes.
Result<std::vector<Word>> words(std::string_view line);

}  // namespace steward::transcript

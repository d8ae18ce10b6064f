// What a local program asks of the running service: words, a line each, ended by an empty line. The answer is lines
// too: "out TEXT" and "err TEXT" for the two streams, "exit N" at the end.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace steward::control {

inline constexpr std::size_t most_words = 16;
inline constexpr std::size_t longest_line = 4096;

// Fed with what arrives, in pieces of any size. Faults: malformed, too_large.
class RequestReader {
  public:
    // The words, once they are complete; what follows them is not looked at.
    Result<std::optional<std::vector<std::string>>> feed(std::string_view bytes);

  private:
    std::string line_;
    std::vector<std::string> words_;
};

Result<std::string> encode(const std::vector<std::string>& words);  // Fault malformed for a word with a line break

// One line of an answer, taken apart.
struct Line {
    enum class Kind : std::uint8_t { out, err, exit } kind = Kind::out;
    std::string text;
    int code = 0;
};
std::string encode(const Line& line);  // a text of several lines becomes as many
std::optional<Line> decode(std::string_view line);

}  // namespace steward::control

// Formats, allowed values and canonical text: what a value of a node may be. Source: OMA DM TND 1.2 section 7.7.2,
// Microsoft DDF v2 AllowedValues.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace steward::csp {

enum class Format : std::uint8_t { node, chr, integer, boolean, b64, bin, xml, null, date, time, real };

std::string_view name_of(Format format);                    // "node", "chr", "int", "bool" …
std::optional<Format> format_named(std::string_view text);  // any case; nullopt for an unknown word

struct Choice {
    std::string value;    // text on the wire
    std::string meaning;  // for people
};

// Which values a node takes. A check returns success or an Error(invalid) whose sentence says what is expected.
struct Allowed {
    enum class Kind : std::uint8_t { any, range, one_of, flags, check };
    Kind kind = Kind::any;
    std::int64_t min = 0, max = 0;  // range, both included
    std::vector<Choice> choices;    // one_of, flags (choices are single bits)
    std::string name;               // check: what it expects, for people: "a version such as 3.0"
    std::string pattern;            // check: the same as a regular expression, for the DDF; may be empty
    Outcome (*check)(std::string_view) = nullptr;
    std::string delimiter;  // not empty: a list, each part validated by itself

    std::string describe() const;  // "a number from 4 to 16", "one of 0 (Enabled), 1 (Disabled)"
};

// The canonical text of a value, or why it is not acceptable: "007" is 7, "1" as bool is true, base64 is unfolded.
Result<std::string> canonical(Format format, const Allowed& allowed, std::string_view text);

// True when both texts mean the same value of this format.
bool same_value(Format format, std::string_view a, std::string_view b);

// Between a struct member and its text.
inline std::string to_text(std::int64_t value) {
    return std::to_string(value);
}
inline std::string to_text(int value) {
    return std::to_string(value);
}
inline std::string to_text(bool value) {
    return value ? "true" : "false";
}
inline std::string to_text(const std::string& value) {
    return value;
}
Result<int> parse(std::string_view text, int*);
Result<std::int64_t> parse(std::string_view text, std::int64_t*);
Result<bool> parse(std::string_view text, bool*);
Result<std::string> parse(std::string_view text, std::string*);

template <class M>
constexpr Format format_of() {
    if constexpr (std::is_same_v<M, bool>) return Format::boolean;
    if constexpr (std::is_integral_v<M> && !std::is_same_v<M, bool>) return Format::integer;
    return Format::chr;
}

}  // namespace steward::csp

// Small questions about text that every layer asks. ASCII only where case matters; bytes otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace steward {

std::string_view trim(std::string_view text);                     // without blanks, tabs and line ends at both ends
bool same_ignoring_case(std::string_view a, std::string_view b);  // ASCII
std::string lower(std::string_view text);                         // ASCII
std::string upper(std::string_view text);                         // ASCII
std::vector<std::string_view> split(std::string_view text, char separator);  // keeps empty parts
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::size_t utf8_length(std::string_view text);  // bytes of the UTF-8 character in front; 0: none, or NUL
void append_utf8(std::string& text, char32_t code);
bool valid_utf8(std::string_view text);  // also refuses NUL, surrogates and overlong forms

// The whole text must be a decimal number in range, with an optional leading minus sign.
std::optional<std::int64_t> to_integer(std::string_view text);

}  // namespace steward

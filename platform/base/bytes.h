// Base64 and hexadecimal, as the wire uses them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace steward {

std::string to_base64(std::string_view raw);

// White space and line breaks are skipped (real servers fold their base64); nullopt when anything else is wrong.
std::optional<std::string> from_base64(std::string_view text);

std::string to_hex(std::string_view raw);  // lower case
std::optional<std::string> from_hex(std::string_view text);

}  // namespace steward

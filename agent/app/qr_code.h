// A text as a QR code for a terminal: somebody scans it instead of copying a long address from one screen to another.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace steward::app {

// Lines of half blocks, two rows of modules each, light on dark whatever the terminal's colours are, with the margin
// of four modules that scanners need. nullopt: it does not fit into so many columns, or it is no text.
std::optional<std::string> qr_code(const std::string& text, std::size_t columns);

}  // namespace steward::app

// Text as XML content. What XML 1.0 cannot hold becomes U+FFFD: control characters other than tab, line feed and
// carriage return, U+FFFE, U+FFFF, and bytes that are no UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace steward::syncml {

class Output;

// "&", "<" and ">" become entities, a carriage return becomes a reference (a reader would make it a line feed).
void append_escaped(std::string& out, std::string_view text);
void append_escaped(Output& out, std::string_view text);
std::size_t escaped_size(std::string_view text);

// The same for an attribute value in double quotes: quotes and all white space but the blank become references too.
void append_escaped_attribute(std::string& out, std::string_view text);
void append_escaped_attribute(Output& out, std::string_view text);

// For text in which nothing need be escaped or replaced, as most of it is. May say no for such a text too: this is the
// quick look before the slow one.
bool is_plain(std::string_view text);
char* copy_plain(char* to, std::string_view text);  // its end; nullptr: the text is not plain

// Length of the longest beginning of `text` that ends at a character and has at most `budget` bytes when escaped.
std::size_t escaped_prefix(std::string_view text, std::size_t budget);

// Only the replacement, nothing escaped: for a form that has no markup.
std::string legal(std::string_view text);

}  // namespace steward::syncml

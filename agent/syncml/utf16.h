// UTF-16 into UTF-8: Windows tools write SyncML files that way.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace steward::syncml {

enum class ByteOrder { little, big };

// By the byte order mark, or by a "<" in two bytes; nullopt: the text is not UTF-16.
std::optional<ByteOrder> utf16_order(std::string_view bytes);

// Without the byte order mark. nullopt: an odd number of bytes, or half a surrogate pair.
std::optional<std::string> utf8_of_utf16(std::string_view bytes, ByteOrder order);

}  // namespace steward::syncml

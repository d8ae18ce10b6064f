// The two forms in which a SyncML message travels, and their media types. Source: OMA DM Representation Protocol 1.2.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace steward::syncml {

enum class Encoding : std::uint8_t { xml, wbxml };

std::string_view content_type(Encoding encoding);  // "application/vnd.syncml.dm+xml"

// By a Content-Type header: case and parameters do not matter. nullopt: the body is no SyncML-DM message.
std::optional<Encoding> encoding_of(std::string_view content_type);

}  // namespace steward::syncml

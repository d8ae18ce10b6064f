#include "agent/syncml/encoding.h"

#include "platform/base/text.h"

namespace steward::syncml {

std::string_view content_type(Encoding encoding) {
    return encoding == Encoding::xml ? "application/vnd.syncml.dm+xml" : "application/vnd.syncml.dm+wbxml";
}

std::optional<Encoding> encoding_of(std::string_view content_type) {
    const std::string_view type = trim(content_type.substr(0, content_type.find(';')));
    for (const Encoding encoding : {Encoding::xml, Encoding::wbxml}) {
        if (same_ignoring_case(type, syncml::content_type(encoding))) return encoding;
    }
    return std::nullopt;
}

}  // namespace steward::syncml

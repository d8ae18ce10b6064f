#include "agent/syncml/document.h"

#include "agent/syncml/utf16.h"

namespace steward::syncml {

Result<Element> read_document(std::string_view bytes, const DocumentLimits& limits) {
    const auto order = utf16_order(bytes);
    if (!order) return steward::read_document(bytes, limits);
    if (bytes.size() > limits.bytes) return Error{Fault::too_large, "The document is too large.", {}};
    const auto text = utf8_of_utf16(bytes, *order);
    if (!text) return Error{Fault::malformed, "The document's UTF-16 text is damaged.", {}};
    return steward::read_document(*text, limits);
}

}  // namespace steward::syncml

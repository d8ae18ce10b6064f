// Documents as management servers send them beside SyncML: SOAP answers, provisioning documents, serialised subtrees.
// As platform/document.h reads them, and also in UTF-16 with a byte order mark.
#pragma once

#include <string_view>

#include "platform/document.h"

namespace steward::syncml {

using steward::DocumentLimits;
using steward::Element;

// Faults: malformed, too_large.
Result<Element> read_document(std::string_view bytes, const DocumentLimits& limits = {});

}  // namespace steward::syncml

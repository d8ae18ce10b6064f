// SyncML as WBXML 1.1 to 1.3 (WAP-192), code pages SyncML 1.2, MetInf and DDF. Source: protocol sheet appendix B.
#pragma once

#include <string>
#include <string_view>

#include "agent/syncml/limits.h"
#include "agent/syncml/message.h"
#include "platform/base/result.h"

namespace steward::syncml {

// Gives the same Message as read_xml for the same content. Elements inside Data become XML text. Literal tags,
// attributes, extensions, processing instructions and unknown tokens are refused.
Result<Message> read_wbxml(std::string_view bytes, const Limits& limits = {});

std::string write_wbxml(const Message& message);

}  // namespace steward::syncml

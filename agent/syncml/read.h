// From the bytes of a SyncML message to a Message. Tolerances: protocol sheet 2.2 and 12.8, interop A1 to A10 and A22.
//
// Elements are matched by local name, the order of children does not matter, comments and processing instructions
// are skipped, white space around ids, codes, URIs and Meta is trimmed, Data stays as it is except for white space
// around a CDATA section or an inline element. Inline XML in Data becomes text. A command's Meta (and that of the
// Atomic or Sequence around it) is merged into its items, element by element. A command without CmdID, an unknown
// element and an empty command are handed on for the session to answer.
//
// Errors: Fault::malformed, or Fault::too_large when a limit is passed; the sentence begins with the place
// ("line 3, column 17: ..." in XML, "byte 42: ..." in WBXML).
#pragma once

#include <string_view>

#include "agent/syncml/encoding.h"
#include "agent/syncml/limits.h"
#include "agent/syncml/message.h"
#include "platform/base/result.h"

namespace steward::syncml {

// UTF-8, or UTF-16 with a byte order mark; what the XML declaration says about the encoding is not believed. DOCTYPE is
// skipped, nothing is ever fetched, and a reference to any entity but the five of XML itself is an error.
Result<Message> read_xml(std::string_view bytes, const Limits& limits = {});

// Either form.
Result<Message> read(Encoding encoding, std::string_view bytes, const Limits& limits = {});

}  // namespace steward::syncml

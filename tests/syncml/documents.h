// SyncML documents for the tests: the boilerplate around what a test is about.
#pragma once

#include <string>
#include <string_view>

#include "agent/syncml/read.h"

namespace steward::syncml {

// One Replace with this content of its Item, header and Final included.
inline std::string with_item(std::string_view item) {
    return "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto>"
           "<SessionID>1</SessionID><MsgID>1</MsgID></SyncHdr><SyncBody><Replace><CmdID>2</CmdID><Item>" +
           std::string(item) + "</Item></Replace><Final/></SyncBody></SyncML>";
}

inline std::string with_body(std::string_view body) {
    return "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto>"
           "<SessionID>1</SessionID><MsgID>1</MsgID></SyncHdr><SyncBody>" +
           std::string(body) + "</SyncBody></SyncML>";
}

// The message, or an empty one after a failure that names the reader's error.
Message read_well(std::string_view xml);

// The item of with_item().
Item item_of(std::string_view item);

// The reader's complaint; "" and a failure when there was none.
std::string complaint(std::string_view xml, const Limits& limits = {});

}  // namespace steward::syncml

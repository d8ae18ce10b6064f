// A message of the server, from what it wants to say to the bytes that go out.
#pragma once

#include <string>
#include <vector>

#include "agent/syncml/encoding.h"
#include "agent/syncml/message.h"
#include "platform/base/result.h"
#include "tests/support/manner.h"
#include "tests/support/placeholders.h"
#include "tests/support/transcript.h"

namespace steward::transcript {

// The statuses that a server owes for these commands of the client.
std::vector<syncml::Command> statuses_for(const std::vector<syncml::Command>& commands, const std::string& msg_ref,
                                          const std::string& code, const Manner& manner);
syncml::Command header_status(const std::string& msg_ref, const std::string& code);
syncml::Command next_message_alert();
std::vector<syncml::Command> fixed_statuses(const std::string& msg_ref);

// Gives commands and nested commands without CmdID one that is not yet taken in the message.
void fill_in_ids(std::vector<syncml::Command>& commands, const Manner& manner);

std::string encode(const syncml::Message& message, syncml::Encoding encoding, const Manner& manner);

// The same with `fragment` put in front of Final as it is.
std::string encode_verbatim(const syncml::Message& message, std::string_view fragment, const Manner& manner);

}  // namespace steward::transcript

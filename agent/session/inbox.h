// From an HTTP answer to a server message that may be acted upon. Source: protocol sheet 1.4, 1.6 and 8.2.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agent/session/alerts.h"
#include "agent/session/phases.h"
#include "agent/session/replies.h"
#include "agent/session/session.h"
#include "agent/session/status.h"
#include "agent/syncml/encoding.h"

namespace steward::session {

struct Opened {
    Event event = Event::work;  // broken, garbled, ended; work: there is a message
    Error error;
    syncml::Encoding encoding = syncml::Encoding::xml;
    std::unique_ptr<Replies> replies;
};
Opened open_answer(const Incoming& answer, const Settings& settings);

// What is wrong with the header: dtd_version, protocol_version, malformed; done.
Status check_header(const syncml::Header& header, const std::string& session_id);

// The server's Status for the header of our last message; nullptr: it sent none.
const syncml::Command* header_status(const syncml::Message& message);

// The server's Status for a Results of ours failed: the object that it belongs to need not be sent any further.
bool results_refused(const syncml::Message& message);

bool has_alert(const syncml::Message& message, AlertCode code);
bool has_commands(const syncml::Message& message);        // anything that must be answered
bool only_asks_for_more(const syncml::Message& message);  // no command but Alert 1222 or 1225: about our package

}  // namespace steward::session

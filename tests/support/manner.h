// The habits of a server that have nothing to do with what it wants: how real servers spell and behave. Source: interop
// sheet 2.1b and 2.2 to 2.5.
#pragma once

#include <chrono>
#include <cstddef>

namespace steward::transcript {

struct Manner {
    bool echo_msg_id = false;       // MsgID is the client's (A2)
    bool no_final = false;          // never Final (A1)
    bool uuid_cmd_ids = false;      // every CmdID is a UUID (A3)
    bool comments = false;          // tabs, line ends and comments before CmdID (A4)
    bool empty_when_done = false;   // 200 with no body instead of a last message
    bool fixed_statuses = false;    // Status for CmdRef 2, 3 and 4, whatever the client sent (A20)
    bool overlong_length = false;   // Content-Length is larger than the body (A16)
    bool lower_case_chal = false;   // <chal> (A9)
    bool silent_on_alerts = false;  // no Status for Alerts
    bool says_again = false;        // a message whose server proof the client refused is sent again with a new proof
    bool endless = false;           // asks for something in every message (A19)
    std::chrono::seconds busy{0};   // the first request of a session gets 503 with this Retry-After
    std::chrono::milliseconds delay{0};  // before each answer
    bool wbxml = false;
    std::size_t max_message = 0;  // MaxMsgSize announced; 0: none
};

}  // namespace steward::transcript

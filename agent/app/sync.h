// One session with a real server: the session engine fed by an exchange.
#pragma once

#include <functional>
#include <string>

#include "agent/app/agent.h"
#include "agent/session/session.h"
#include "agent/transport/exchange.h"

namespace steward::app {

// Sees every message as it passes; may be a progress line, a recording, a trace.
struct Witness {
    virtual ~Witness() = default;
    virtual void sent(const session::Outgoing& message) = 0;
    virtual void received(const transport::Reply& reply) = 0;
};

struct SyncResult {
    session::End end = session::End::failed;
    Error error;  // unless finished
    session::Session::Counters counters;
    std::string session_id;
};

// Fault: what kept the session from starting; a session that began always yields a SyncResult and a row of history.
Result<SyncResult> sync(Agent& agent, const Account& account, transport::Exchange& exchange,
                        const std::vector<Witness*>& witnesses);

// What the session says about this device and account.
session::Settings settings_for(Agent& agent, const Account& account);

}  // namespace steward::app

// One session with a real server: this device on one side, whoever conducts the session on the other.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "agent/app/agent.h"
#include "agent/courier/conduct.h"
#include "agent/session/session.h"
#include "agent/transport/exchange.h"
#include "agent/transport/retry.h"

namespace steward::app {

// Sees every message as it passes; may be a progress line, a recording, a trace.
struct Witness {
    virtual ~Witness() = default;
    virtual void sent(const session::Outgoing& message) = 0;
    virtual void received(const transport::Reply& reply) = 0;
};

// What the session is for, where it is not simply this device's turn.
struct Occasion {
    bool server_initiated = false;     // Alert 1200: a notification asked for it
    std::string session_id;            // of that notification; empty: the next small number
    std::optional<std::string> nonce;  // of a notification made with the backup nonce: what we prove ourselves with
};

// How an exchange that failed is tried again inside the session. wait() returns false when there is no time for that:
// somebody wants to stop. Without it nothing is tried again.
struct Patience {
    transport::RetryPolicy policy;
    std::function<bool(std::chrono::milliseconds)> wait;
    // Between two messages to a server that wants to hear that its commands are still being executed. Shorter than any
    // usual HTTP time-out.
    std::chrono::milliseconds sign_of_life{30'000};
};

struct SyncResult {
    session::End end = session::End::failed;
    Error error;  // unless finished
    session::Session::Counters counters;
    std::string session_id;
    std::optional<transport::Failure> failure;     // of the exchange that ended it
    std::optional<transport::ChainEnd> chain_end;  // of the server's chain, where a handshake showed one
};

// Sends what waits in the account's outbox along and strikes off what the server took.
// Fault: what kept the session from starting; a session that began always yields a SyncResult and a row of history.
Result<SyncResult> sync(Agent& agent, const Account& account, courier::Conductor& conductor,
                        const std::vector<Witness*>& witnesses, const Occasion& occasion = {},
                        const Patience& patience = {});
// Conducted in this process.
Result<SyncResult> sync(Agent& agent, const Account& account, transport::Exchange& exchange,
                        const std::vector<Witness*>& witnesses, const Occasion& occasion = {},
                        const Patience& patience = {});

// What the session says about this device and account.
session::Settings settings_for(Agent& agent, const Account& account, const Occasion& occasion = {});

}  // namespace steward::app

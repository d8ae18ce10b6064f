// The half of a session that has the network: TLS, HTTP, SyncML. It knows no state of the device; what it needs of it,
// it asks of a Home, which may live in another process (docs/decisions/013-two-processes.md).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/session/session.h"
#include "agent/transport/exchange.h"
#include "agent/transport/retry.h"
#include "agent/tree/operation.h"

namespace steward::courier {

// Everything about one session that is settled before it begins.
struct Brief {
    session::Settings settings;                   // without alerts and without functions
    std::vector<session::GenericAlert> alerts;    // for package 1
    std::string urgent_types;                     // value of MDM-GenericAlert; empty: no header
    std::string request_id;                       // of the enrolment, as Windows names it in a header
    bool logged_in = false;                       // somebody is
    std::optional<transport::RetryPolicy> retry;  // for all messages but the first; nullopt: nothing is tried again
    // How often the server hears that its commands are still being executed; nullopt: it does not want to.
    std::optional<std::chrono::milliseconds> sign_of_life;
};

// The device that a session is about.
struct Home : tree::Executor, session::NonceStore {
    virtual void sent(const session::Outgoing& message) = 0;        // is about to be
    virtual void received(const transport::Reply& reply) = 0;       // the server was reached
    virtual void heard(const std::vector<int>& alert_answers) = 0;  // after each answer; as Session::alert_answers()
    // Before something is tried again: the time that the policy says, nullopt where it would give up. false: no more.
    virtual bool wait(std::optional<std::chrono::milliseconds> time) = 0;
};

// How a session went.
struct Course {
    session::End end = session::End::failed;
    Error error;  // unless finished
    session::Session::Counters counters;
    std::optional<transport::Failure> failure;     // of the exchange that ended it
    std::optional<transport::ChainEnd> chain_end;  // of the server's chain, where a handshake showed one
    std::vector<int> alert_answers;
};

Course conduct(const Brief& brief, transport::Exchange& exchange, Home& home);

// Whoever can conduct sessions with one server, and carry other requests to it.
struct Conductor {
    virtual ~Conductor() = default;
    virtual Course conduct(const Brief& brief, Home& home) = 0;
};

// Conducts here.
class Direct final : public Conductor {
  public:
    explicit Direct(transport::Exchange& exchange) : exchange_(exchange) {}
    explicit Direct(std::unique_ptr<transport::Exchange> exchange) : own_(std::move(exchange)), exchange_(*own_) {}
    Course conduct(const Brief& brief, Home& home) override { return courier::conduct(brief, exchange_, home); }

  private:
    std::unique_ptr<transport::Exchange> own_;
    transport::Exchange& exchange_;
};

}  // namespace steward::courier

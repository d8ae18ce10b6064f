// What the server is to do to its devices: orders of SyncML commands, each for one device, sent in its next session;
// and what came of them. Called from all threads.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/syncml/message.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"

namespace steward::server {

struct OrderReply {     // to one command, nested ones included
    std::string id;     // CmdID; no other command of any order has it
    std::string what;   // "Replace ./Vendor/MSFT/…"
    std::size_t depth;  // 0: not nested
    struct Status {
        std::string code, target;  // target: TargetRef where the client named one
    };
    std::vector<Status> statuses;
    struct Result {
        std::string uri, data;
        bool more = false;  // the rest is still to come
    };
    std::vector<Result> results;
};

struct Order {
    enum class State : std::uint8_t {
        waiting,    // for the next session of the device
        sent,       // in a session that still goes on
        done,       // the device answered
        unanswered  // sent in several sessions and never answered
    };
    std::size_t number = 0;
    std::string device;
    State state = State::waiting;
    std::size_t tries = 0;
    Instant added;
    std::optional<Instant> sent, done;
    std::vector<syncml::Command> commands;  // with CmdIDs of ours
    std::vector<OrderReply> replies;        // in document order
};
std::string_view name_of(Order::State state);

class Queue {
  public:
    explicit Queue(const Clock& clock) : clock_(clock) {}

    // xml: commands, bare or in a whole message. Faults: malformed, incomplete (no command), full.
    Result<std::size_t> add(const std::string& device, std::string_view xml);
    std::vector<Order> list(const std::optional<std::string>& device = {}) const;
    std::optional<Order> find(std::size_t number) const;

    // For a session that begins; they count as sent.
    std::vector<Order> take(const std::string& device);
    // The device was believed: only from here on does a session count as a try.
    void session_accepted(const std::string& device);
    // What the device says to commands that were sent to it.
    void heard(const std::string& device, const std::vector<syncml::Command>& commands);
    // What had no answer at all waits for the next session, a few times.
    void session_over(const std::string& device);

  private:
    void number(std::vector<syncml::Command>& commands, std::size_t depth, Order& order);
    OrderReply* reply_of(const std::string& device, const std::string& cmd_ref);

    const Clock& clock_;
    mutable std::mutex mutex_;
    std::vector<Order> orders_;
    std::map<std::string, std::pair<std::size_t, std::size_t>> places_;  // CmdID -> order and reply, both as index
    std::size_t last_id_ = 10'000;                                       // away from the small numbers of scripts
};

// Commands as XML, without a message around them.
std::string bare_xml(const std::vector<syncml::Command>& commands);

}  // namespace steward::server

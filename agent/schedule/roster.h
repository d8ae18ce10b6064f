// Whose turn it is: schedules, wishes, retries and pushes of all accounts brought together. Holds only what need not
// survive a restart; takes the time from its caller.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/schedule/plan.h"
#include "agent/transport/retry.h"

namespace steward::schedule {

struct Member {
    std::string account;
    Poll poll;
    Facts facts;           // of this moment; spread is this account's
    bool hold = false;     // power or money is short: what nobody waits for waits
    bool leaving = false;  // its server is still to be told
};

struct Turn {
    std::string account;
    Instant at{};  // not before now
    std::string why;
    bool urgent = false;  // somebody or something asked for it
};

class Roster {
  public:
    // Somebody waits for a session: it is due at once.
    void wish(const std::string& account, const std::string& why, Instant now);
    // A push is only a nudge, and anybody who knows the channel can give one: beyond a burst they are slowed down.
    void nudge(const std::string& account, const std::string& why, Instant now);
    // What failed for want of a network is due within seconds, spread over the fleet.
    void network_changed(Instant now);

    void began(const std::string& account, Instant now);  // a session is tried; wishes for it are fulfilled
    void succeeded(const std::string& account);
    void failed(const std::string& account, const transport::Failure& failure, const transport::RetryPolicy& policy,
                Instant now, double random);

    std::int64_t failures(const std::string& account) const;  // in a row

    std::vector<Turn> turns(std::span<const Member> members, Instant now) const;  // the next of each, soonest first

    static constexpr double burst = 120;                   // pushes that are followed at once
    static constexpr std::chrono::seconds refill{30};      // for one more
    static constexpr std::chrono::minutes hold_step{30};   // until it is looked at again
    static constexpr std::chrono::hours longest_hold{48};  // since the last session
    static constexpr std::chrono::hours farewell_step{1};  // between tries to tell a server that we left

  private:
    struct State {
        std::optional<Turn> wish;
        std::optional<Instant> tried;  // the last session, as far as this process knows
        std::int64_t failures = 0;
        bool no_network = false;       // the last failure was one of the connection
        std::optional<Instant> retry;  // set only while a retry is due before the schedule
        double pushes = burst;         // left; as of pushes_at
        std::optional<Instant> pushes_at;
    };
    std::map<std::string, State> states_;
};

}  // namespace steward::schedule

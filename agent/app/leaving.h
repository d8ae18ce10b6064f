// How an enrolment ends: at its server's word or at a person's. Settings return to what they were before it, the server
// is told in a session of its own, then the account goes too. Every step can be interrupted and is taken up again.
// Source: protocol sheet 10.12.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "agent/app/agent.h"
#include "agent/courier/conduct.h"
#include "agent/tree/operation.h"

namespace steward::app {

inline constexpr char unenrolment_alert[] = "com.microsoft:mdm.unenrollment.userrequest";

// For this long a server that cannot be reached is tried again before the account is forgotten without it.
inline constexpr std::chrono::hours departure_patience{24 * 7};

// Stands in front of the tree in a session: an Exec of the account's own Unenroll node, of the older one with its
// provider id, or a Delete of the account itself ends the enrolment. Nothing of that message is executed. While an
// account is leaving its server changes nothing any more.
class LeaveOnRequest final : public tree::Executor {
  public:
    LeaveOnRequest(tree::Executor& tree, Agent& agent, bool leaving) : tree_(tree), agent_(agent), leaving_(leaving) {}
    std::vector<tree::Answer> run(const tree::Context& context, std::span<const tree::Operation> operations) override;
    std::vector<tree::Answer> run_atomic(const tree::Context& context,
                                         std::span<const tree::Operation> operations) override;

  private:
    using Run = std::vector<tree::Answer> (tree::Executor::*)(const tree::Context&, std::span<const tree::Operation>);
    std::vector<tree::Answer> pass(Run how, const tree::Context& context, std::span<const tree::Operation> operations);

    tree::Executor& tree_;
    Agent& agent_;
    bool leaving_;
};

enum class Farewell : std::uint8_t { told, not_told };  // whether the server has heard of it

struct Departure {
    Farewell farewell = Farewell::not_told;
    bool gone = false;                       // the account is no more; false: its server is still to be told
    Error reason;                            // why the server has not heard
    std::vector<tree::Difference> leftover;  // what did not return to what it was
};

bool leaving(Agent& agent, const std::string& account);

// Marks the account as leaving and gives its settings back. Durable before anything is undone; doing it twice is fine.
Outcome begin_departure(Agent& agent, const std::string& account, const std::string& who);

// Begins where that has not happened, tells the server, and takes the account away: when the server has heard, when
// `insist` is false, or when it has been tried for longer than departure_patience.
Result<Departure> depart(Agent& agent, const Account& account, courier::Conductor& conductor, const std::string& who,
                         bool insist);
Result<Departure> depart(Agent& agent, const Account& account, transport::Exchange& exchange, const std::string& who,
                         bool insist);  // conducted in this process

}  // namespace steward::app

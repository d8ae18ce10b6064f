// The certificates of enrolments while the service runs: renewed in time, confirmed by their first use, warned about
// before they end.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/app/agent.h"
#include "agent/app/sync.h"

namespace steward::app {

class Identities {
  public:
    // When the next renewal of any enrolment is due; nullopt: there is none to come.
    std::optional<Instant> next(Agent& agent) const;

    // Renews what is due and warns of what will end. Gives the accounts with a new certificate: a session proves it.
    std::vector<std::string> look_after(Agent& agent);

    // How a session went: one that was good confirms a new certificate, one in which a new certificate was refused
    // brings the old one back.
    void used(Agent& agent, const std::string& account, const SyncResult& result);

  private:
    static constexpr std::chrono::minutes between_tries{10};  // whatever a record says
    std::optional<Instant> tried_;
    std::map<std::string, int> warned_;  // days, by account
};

}  // namespace steward::app

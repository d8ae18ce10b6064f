// The certificates that can silence a device, while the service runs: its own are renewed in time and confirmed by
// their first use, and people are warned before one of these or one of the server's chain ends.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/app/agent.h"
#include "agent/app/enrolling.h"
#include "agent/app/sync.h"

namespace steward::app {

class Identities {
  public:
    explicit Identities(Reach reach = over_libcurl()) : reach_(std::move(reach)) {}

    // When the next renewal of any enrolment is due; nullopt: there is none to come.
    std::optional<Instant> next(Agent& agent) const;

    // Renews what is due and warns of what will end. Gives the accounts with a new certificate: a session proves it.
    std::vector<std::string> look_after(Agent& agent);

    // How a session went: a chain of the server's that is about to end is warned of; one that was good confirms a new
    // certificate, one in which a new certificate was refused brings the old one back.
    void used(Agent& agent, const std::string& account, const SyncResult& result);

  private:
    void warn(const std::string& whose, Instant not_before, Instant not_after, Instant now);

    static constexpr std::chrono::minutes between_tries{10};  // whatever a record says
    Reach reach_;
    std::optional<Instant> tried_;
    std::map<std::string, int> warned_;  // days, by whose certificate it is
};

}  // namespace steward::app

// The agent put together over a state directory and a root: the only place that makes things.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "agent/app/accounts.h"
#include "agent/audit/log.h"
#include "agent/store/actions.h"
#include "agent/store/agenda.h"
#include "agent/store/database.h"
#include "agent/store/enrolments.h"
#include "agent/store/outbox.h"
#include "agent/store/policies.h"
#include "agent/store/repairs.h"
#include "agent/store/sessions.h"
#include "agent/tree/tree.h"
#include "platform/base/clock.h"
#include "platform/host.h"
#include "platform/neighbours.h"

namespace steward::app {

// Whoever changes anything holds the lock of the state directory; reading goes without.
enum class Purpose : std::uint8_t { read, change };

struct Places {
    std::string root = "/";  // of the device: a private root for tests and demonstrations
    std::string state;       // directory of our own; empty: where this system has it
};

class Agent {
  public:
    // Faults: busy when another Steward is changing this state, denied, io, store.
    static Result<std::unique_ptr<Agent>> open(const Places& places, Purpose purpose,
                                               store::Care care = store::Care::full);
    ~Agent();

    const std::string& state_directory() const;
    const std::string& device_id() const;
    platform::Host& host();
    tree::Tree& tree();
    Accounts& accounts();
    store::Policies& policies();
    store::Actions& actions();
    store::Sessions& sessions();
    store::Outbox& outbox();
    store::Agenda& agenda();
    audit::Log& audit();
    std::string audit_anchor() const;  // the newest entry when a changing agent last closed, kept beside the database
    store::Enrolments& enrolments();
    const store::Repairs& repairs() const;
    // Who else manages this device; an error: that can't be told.
    const Result<platform::Neighbours>& neighbours() const;
    const Clock& clock() const;
    const std::optional<std::string>& database_set_aside() const;

    // What the start had to put right (changing purposes only).
    const tree::Tree::Sweep& recovered() const;

  private:
    struct Parts;
    explicit Agent(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace steward::app

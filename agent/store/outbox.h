// Alerts for a server that must not be lost: kept until the server has taken them. Source: OMA DM Representation
// Protocol 1.2 (Alert, Generic Alert), protocol sheet 2.9.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/result.h"

namespace steward::store {

class Database;

struct Alert {
    std::int64_t id = 0;  // given by add()
    std::string account;
    std::int64_t code = 1226;
    std::string type;        // "com.microsoft:mdm.unenrollment.userrequest"
    std::string format;      // of the data: "int", "chr", "xml"
    std::string mark;        // "critical", "fatal", "warning", "informational"; empty: not stated
    std::string source;      // LocURI of what it is about; empty: nothing in the tree
    std::string correlator;  // of the Exec that this is the outcome of
    std::string data;
    std::int64_t created = 0;
    std::int64_t refusals = 0;  // sessions in which the server answered it with a failure
};

class Outbox {
  public:
    static constexpr std::size_t most_waiting = 1000;  // of one account
    static constexpr std::int64_t most_refusals = 5;

    Outbox(const Clock& clock, Database& database) : clock_(clock), database_(database) {}

    // Durable on return; gives the alert its id. Beyond most_waiting the oldest that is neither critical nor fatal
    // goes.
    Result<std::int64_t> add(Alert alert);
    Result<std::vector<Alert>> waiting(const std::string& account) const;  // oldest first

    // The server has taken them; each goes exactly once, unknown ids are ignored.
    Outcome taken(const std::vector<std::int64_t>& ids);
    // The server answered with a failure: after most_refusals it has seen it often enough, and the alert goes.
    Outcome refused(const std::vector<std::int64_t>& ids);
    Outcome clear(const std::string& account);

  private:
    const Clock& clock_;
    Database& database_;
};

}  // namespace steward::store

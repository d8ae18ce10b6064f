// Enrolments and how far each has come: facts by name, written together, so that a process that was killed goes on or
// cleans up. What the names mean is for agent/enrol.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "platform/base/result.h"

namespace steward::store {

class Database;

class Enrolments {
  public:
    using Facts = std::map<std::string, std::string, std::less<>>;

    explicit Enrolments(Database& database) : database_(database) {}

    Result<std::vector<std::string>> ids() const;      // in the order of their text
    Result<Facts> facts(const std::string& id) const;  // none: there is no such enrolment

    // Replaces all facts; durable on return. No facts: the enrolment is gone.
    Outcome save(const std::string& id, const Facts& facts);

  private:
    Database& database_;
};

}  // namespace steward::store

// What the service means to do next for each account, kept so that everybody can see it, and who has signed in before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/result.h"

namespace steward::store {

class Database;

struct Appointment {
    std::string account;
    std::int64_t at = 0;  // seconds since 1970, UTC
    std::string why;
};

class Agenda {
  public:
    explicit Agenda(Database& database) : database_(database) {}

    // Replaces the whole agenda; writes nothing when it is the same.
    Outcome plan(const std::vector<Appointment>& appointments);
    Result<std::vector<Appointment>> planned() const;  // by account

    // Notes that this user signed in; true the first time.
    Result<bool> first_login(const std::string& user);

  private:
    Database& database_;
};

}  // namespace steward::store

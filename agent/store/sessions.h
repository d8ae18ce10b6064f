// What became of past sessions: what `steward status` tells.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/result.h"

namespace steward::store {

class Database;

struct SessionRecord {
    std::string account;  // provider id
    std::string session;  // session id
    std::int64_t begun = 0, ended = 0;
    std::string outcome;   // "finished", "failed" …
    std::string sentence;  // what went wrong, for a person
    std::int64_t messages = 0, commands = 0, failed = 0;
};

class Sessions {
  public:
    explicit Sessions(Database& database) : database_(database) {}
    Outcome add(const SessionRecord& record);  // keeps the newest 100 of each account
    Result<std::vector<SessionRecord>> latest(const std::string& account, std::size_t count) const;  // newest first
    std::optional<std::int64_t> last_finished(const std::string& account) const;  // when; among those still kept
    std::int64_t next_number(const std::string& account) const;  // grows with every session; 0 when unknown

  private:
    Database& database_;
};

}  // namespace steward::store

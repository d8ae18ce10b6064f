// One-shot actions (Exec): an intent before the effect and exactly one outcome after it, across restarts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/result.h"

namespace steward::store {

class Database;

struct ActionRecord {
    std::int64_t id = 0;
    std::string uri, authority, session;
    std::int64_t intended = 0;
    std::string outcome;   // "done", "later", "failed", "interrupted"; empty: under way
    std::string sentence;  // why it failed
    std::int64_t finished = 0;
};

class Actions {
  public:
    explicit Actions(const Clock& clock, Database* database = nullptr) : clock_(clock), database_(database) {}

    // Durable on return. The argument is kept while the action runs, so that an interrupted one can be judged; it is
    // never shown.
    Result<std::int64_t> intend(const std::string& uri, const std::string& authority, const std::string& argument,
                                const std::string& session);
    Outcome finish(std::int64_t id, const std::string& outcome, const std::string& sentence);

    // At start: whatever was under way when the process died gets the outcome "interrupted"; returns how many.
    Result<std::size_t> close_interrupted();

    Result<std::vector<ActionRecord>> latest(std::size_t count) const;  // newest first

  private:
    const Clock& clock_;
    Database* database_;
    std::int64_t next_ = 0;  // without a database
};

}  // namespace steward::store

// What was done to this device, by whom and with what outcome: append-only, each entry chained to the one before it by
// its hash, so that a change or a gap shows. Values are never part of it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/result.h"

namespace steward::store {
class Database;
}

namespace steward::audit {

struct Entry {
    std::int64_t number = 0;  // 1, 2, 3 … without gaps
    std::int64_t time = 0;    // seconds since 1970, UTC
    std::string kind;         // "command", "session", "account", "enrolment", "departure", "identity", "repair"
    std::string authority;    // provider id, or "local"
    std::string session;      // session id; empty outside one
    std::string subject;      // "Replace ./Device/…", an account, a certificate's thumbprint
    std::string outcome;      // "done", "failed: …"
    std::string hash;         // SHA-256 over the previous hash and all of this, lower-case hex
};

class Log {
  public:
    Log(const Clock& clock, store::Database& database) : clock_(clock), database_(database) {}

    // Appends in one durable step; number, time and hash are filled in.
    Outcome append(std::vector<Entry> entries);

    Result<std::vector<Entry>> latest(std::size_t count) const;  // newest first
    std::string head() const;                                    // "NUMBER HASH" of the newest; empty without one

    // Walks the whole chain. `anchor` is a head() that was kept elsewhere: an end that was cut off shows by it.
    struct Verdict {
        std::int64_t entries = 0;
        std::optional<std::int64_t> broken_at;  // the first entry that is not what was written
        std::string sentence;                   // what is wrong; empty when nothing is
    };
    Result<Verdict> verify(const std::string& anchor) const;

  private:
    const Clock& clock_;
    store::Database& database_;
};

// An entry that says "failed: not finished" unless somebody says otherwise before it goes out of scope.
class Open {
  public:
    Open(Log& log, Entry entry) : log_(log), entry_(std::move(entry)) {
        entry_.outcome = "failed: it was not finished";
    }
    ~Open() { (void)log_.append({std::move(entry_)}); }
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;
    void finish(std::string outcome) { entry_.outcome = std::move(outcome); }

  private:
    Log& log_;
    Entry entry_;
};

}  // namespace steward::audit

// Desired state: what each authority wants each node to be. All rows live in memory; with a database behind it,
// commit() makes them durable and load() brings them back. Without one (tests, dry runs) it is memory only.
// Secrets lie in the database as platform/sealing.h makes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "csp/value.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"

namespace steward::store {

class Database;

struct Row {
    std::string authority;
    csp::Format format = csp::Format::chr;
    std::string type;
    std::string data;
    bool secret = false;
    std::int64_t time = 0;  // seconds since 1970, UTC
    std::string session;
    std::uint64_t stamp = 0;    // order of writing, over all rows
    std::uint32_t version = 0;  // how often this row was written
};
using Rows = std::vector<Row>;  // of one URI: one per authority

struct Original {
    std::optional<std::string> data;  // what the device said before our first touch; nullopt: it said nothing
    std::int64_t time = 0;
};

struct Event {
    std::string authority;
    std::int64_t time = 0;
    std::string session;
    std::optional<std::string> before, after;  // nullopt: no value
};

class Policies {
  public:
    explicit Policies(const Clock& clock, Database* database = nullptr) : clock_(clock), database_(database) {}

    // From the database. A secret that was sealed on another machine is empty, and stays as it is on disk.
    Outcome load();

    const Rows* at(std::string_view uri) const;
    const Row* at(std::string_view uri, std::string_view authority) const;
    // Calls visit for every URI below this one (not the URI itself), in order, until it returns false.
    void below(std::string_view uri, const std::function<bool(const std::string&, const Rows&)>& visit) const;
    bool any_below(std::string_view uri, std::string_view authority) const;  // "" for any authority
    const std::map<std::string, Rows, std::less<>>& all() const { return rows_; }

    // Fills in time, stamp and version.
    void put(std::string_view uri, Row row);
    void remove(std::string_view uri, std::string_view authority);

    using Mark = std::size_t;
    Mark mark() const { return undo_.size(); }
    void rollback(Mark mark);
    Outcome commit();  // everything since the last commit; on failure nothing is durable and the rows are as before it

    // Values from before us. remember() is durable only after secure(), which must come before the device is touched.
    const Original* original(std::string_view uri) const;
    const std::map<std::string, Original, std::less<>>& originals() const { return originals_; }
    void remember(std::string_view uri, std::optional<std::string> data);
    void forget(std::string_view uri);  // takes part in the next commit
    Outcome secure();

    Result<std::vector<Event>> history(std::string_view uri) const;  // oldest first; empty without a database

  private:
    struct Change {
        std::string uri;
        std::string authority;
        std::optional<Row> before;
    };
    Outcome write(const Change& first_change);
    Outcome seal_older();

    const Clock& clock_;
    Database* database_;
    std::map<std::string, Rows, std::less<>> rows_;
    std::map<std::string, Original, std::less<>> originals_;
    std::vector<Change> undo_;
    std::vector<std::string> new_originals_, old_originals_;
    std::vector<std::pair<std::string, std::string>> unsealed_;  // address and authority of what an older Steward wrote
    std::uint64_t stamp_ = 0;
};

}  // namespace steward::store

// One SQLite file, opened for a process that may be killed at any moment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "platform/base/result.h"

namespace steward::store {

using Cell = std::variant<std::nullptr_t, std::int64_t, std::string>;
using Cells = std::vector<Cell>;

// How a database is looked over when it is opened. full: every page, which takes as long as the file is large. quick: a
// page shows what it is when it is read.
enum class Care : std::uint8_t { full, quick };

class Database {
  public:
    // Opens or creates the file (mode 0600), in WAL mode with full synchronisation, and brings its schema up to date.
    // A file that SQLite cannot read is moved aside to FILE.corrupt-N, a new one is begun, and set_aside() says so.
    static Result<std::unique_ptr<Database>> open(const std::string& file, Care care = Care::full);
    static Result<std::unique_ptr<Database>> in_memory();
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    // Runs one statement. Statements are prepared once and kept.
    Outcome run(std::string_view sql, std::initializer_list<Cell> values = {});
    Result<std::vector<Cells>> query(std::string_view sql, std::initializer_list<Cell> values = {});

    // Everything that work() does becomes durable together, or not at all.
    Outcome transaction(const std::function<Outcome()>& work);

    std::size_t durable_commits() const;                  // since open
    const std::optional<std::string>& set_aside() const;  // where a corrupt file went
    Result<std::string> schema();                         // for comparing: all CREATE statements, sorted

    // The steps that lead from an empty file to the current schema; user_version counts them.
    static const std::vector<std::string_view>& migrations();
    static std::string_view fresh_schema();

  private:
    struct Impl;
    explicit Database(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace steward::store

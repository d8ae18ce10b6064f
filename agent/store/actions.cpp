#include "agent/store/actions.h"

#include "agent/store/database.h"

namespace steward::store {

Result<std::int64_t> Actions::intend(const std::string& uri, const std::string& authority, const std::string& argument,
                                     const std::string& session) {
    if (database_ == nullptr) return ++next_;
    auto written = database_->transaction([&] {
        return database_->run("INSERT INTO actions(uri, authority, argument, session, intended) VALUES(?,?,?,?,?)",
                              {uri, authority, argument, session, clock_.now().time_since_epoch().count()});
    });
    if (!written) return written.error();
    auto id = database_->query("SELECT max(id) FROM actions");
    if (!id) return id.error();
    return std::get<std::int64_t>(id->front()[0]);
}

Outcome Actions::finish(std::int64_t id, const std::string& outcome, const std::string& sentence) {
    if (database_ == nullptr) return {};
    return database_->transaction([&] {
        return database_->run(
            "UPDATE actions SET outcome=?, sentence=?, finished=?, argument='' WHERE id=? AND outcome IS NULL",
            {outcome, sentence, clock_.now().time_since_epoch().count(), id});
    });
}

Result<std::size_t> Actions::close_interrupted() {
    if (database_ == nullptr) return std::size_t{0};
    auto open = database_->query("SELECT id FROM actions WHERE outcome IS NULL");
    if (!open) return open.error();
    for (const auto& row : *open) {
        if (auto closed = finish(std::get<std::int64_t>(row[0]), "interrupted",
                                 "Steward stopped while this action ran; whether it took effect is not known.");
            !closed) {
            return closed.error();
        }
    }
    return open->size();
}

Result<std::vector<ActionRecord>> Actions::latest(std::size_t count) const {
    std::vector<ActionRecord> records;
    if (database_ == nullptr) return records;
    auto rows = database_->query(
        "SELECT id, uri, authority, session, intended, coalesce(outcome,''), coalesce(sentence,''), "
        "coalesce(finished,0) FROM actions ORDER BY id DESC LIMIT ?",
        {static_cast<std::int64_t>(count)});
    if (!rows) return rows.error();
    for (const auto& cells : *rows) {
        records.push_back({std::get<std::int64_t>(cells[0]), std::get<std::string>(cells[1]),
                           std::get<std::string>(cells[2]), std::get<std::string>(cells[3]),
                           std::get<std::int64_t>(cells[4]), std::get<std::string>(cells[5]),
                           std::get<std::string>(cells[6]), std::get<std::int64_t>(cells[7])});
    }
    return records;
}

}  // namespace steward::store

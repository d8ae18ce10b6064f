#include "agent/store/sessions.h"

#include "agent/store/database.h"

namespace steward::store {

Outcome Sessions::add(const SessionRecord& record) {
    return database_.transaction([&]() -> Outcome {
        auto added = database_.run(
            "INSERT INTO sessions(account, session, begun, ended, outcome, sentence, messages, commands, failed) "
            "VALUES(?,?,?,?,?,?,?,?,?)",
            {record.account, record.session, record.begun, record.ended, record.outcome, record.sentence,
             record.messages, record.commands, record.failed});
        if (!added) return added;
        return database_.run(
            "DELETE FROM sessions WHERE account=?1 AND id <= (SELECT id FROM sessions WHERE account=?1 ORDER BY id "
            "DESC LIMIT 1 OFFSET 100)",
            {record.account});
    });
}

Result<std::vector<SessionRecord>> Sessions::latest(const std::string& account, std::size_t count) const {
    auto rows = database_.query(
        "SELECT account, session, begun, ended, outcome, sentence, messages, commands, failed FROM sessions WHERE "
        "account=? ORDER BY id DESC LIMIT ?",
        {account, static_cast<std::int64_t>(count)});
    if (!rows) return rows.error();
    std::vector<SessionRecord> records;
    for (const auto& cells : *rows) {
        const auto text = [&](std::size_t i) { return std::get<std::string>(cells[i]); };
        const auto number = [&](std::size_t i) { return std::get<std::int64_t>(cells[i]); };
        records.push_back({text(0), text(1), number(2), number(3), text(4), text(5), number(6), number(7), number(8)});
    }
    return records;
}

std::optional<std::int64_t> Sessions::last_finished(const std::string& account) const {
    const auto rows = database_.query(
        "SELECT ended FROM sessions WHERE account=? AND outcome='finished' ORDER BY id DESC LIMIT 1", {account});
    if (!rows || rows->empty()) return std::nullopt;
    return std::get<std::int64_t>(rows->front()[0]);
}

std::int64_t Sessions::next_number(const std::string& account) const {
    const auto rows = database_.query("SELECT coalesce(max(id),0) FROM sessions WHERE account=?", {account});
    return rows ? std::get<std::int64_t>(rows->front()[0]) : 0;
}

}  // namespace steward::store

#include "agent/store/outbox.h"

#include "agent/store/database.h"

namespace steward::store {

Result<std::int64_t> Outbox::add(Alert alert) {
    std::int64_t id = 0;
    auto written = database_.transaction([&]() -> Outcome {
        auto added = database_.run(
            "INSERT INTO outbox(account, code, type, format, mark, source, correlator, data, created, refusals) "
            "VALUES(?,?,?,?,?,?,?,?,?,0)",
            {alert.account, alert.code, alert.type, alert.format, alert.mark, alert.source, alert.correlator,
             alert.data, clock_.now().time_since_epoch().count()});
        if (!added) return added;
        auto made = database_.query("SELECT last_insert_rowid()");
        if (!made) return made.error();
        id = std::get<std::int64_t>(made->front()[0]);
        return database_.run(
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE account=?1 AND mark NOT IN "
            "('critical','fatal') ORDER BY id LIMIT max(0, (SELECT count(*) FROM outbox WHERE account=?1) - ?2))",
            {alert.account, static_cast<std::int64_t>(most_waiting)});
    });
    if (!written) return written.error();
    return id;
}

Result<std::vector<Alert>> Outbox::waiting(const std::string& account) const {
    auto rows = database_.query(
        "SELECT id, account, code, type, format, mark, source, correlator, data, created, refusals FROM outbox WHERE "
        "account=? ORDER BY id",
        {account});
    if (!rows) return rows.error();
    std::vector<Alert> alerts;
    for (const auto& cells : *rows) {
        const auto text = [&](std::size_t i) { return std::get<std::string>(cells[i]); };
        const auto number = [&](std::size_t i) { return std::get<std::int64_t>(cells[i]); };
        alerts.push_back({number(0), text(1), number(2), text(3), text(4), text(5), text(6), text(7), text(8),
                          number(9), number(10)});
    }
    return alerts;
}

Outcome Outbox::taken(const std::vector<std::int64_t>& ids) {
    if (ids.empty()) return {};
    return database_.transaction([&]() -> Outcome {
        for (const auto id : ids) {
            if (auto gone = database_.run("DELETE FROM outbox WHERE id=?", {id}); !gone) return gone;
        }
        return {};
    });
}

Outcome Outbox::refused(const std::vector<std::int64_t>& ids) {
    if (ids.empty()) return {};
    return database_.transaction([&]() -> Outcome {
        for (const auto id : ids) {
            auto counted = database_.run("UPDATE outbox SET refusals=refusals+1 WHERE id=?", {id});
            if (!counted) return counted;
            auto gone = database_.run("DELETE FROM outbox WHERE id=? AND refusals>=?", {id, most_refusals});
            if (!gone) return gone;
        }
        return {};
    });
}

Outcome Outbox::clear(const std::string& account) {
    return database_.transaction([&] { return database_.run("DELETE FROM outbox WHERE account=?", {account}); });
}

}  // namespace steward::store

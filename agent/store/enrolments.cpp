#include "agent/store/enrolments.h"

#include "agent/store/database.h"

namespace steward::store {

Result<std::vector<std::string>> Enrolments::ids() const {
    auto rows = database_.query("SELECT DISTINCT id FROM enrolments ORDER BY id");
    if (!rows) return rows.error();
    std::vector<std::string> ids;
    for (const auto& cells : *rows) ids.push_back(std::get<std::string>(cells[0]));
    return ids;
}

Result<Enrolments::Facts> Enrolments::facts(const std::string& id) const {
    auto rows = database_.query("SELECT fact, value FROM enrolments WHERE id=?", {id});
    if (!rows) return rows.error();
    Facts facts;
    for (const auto& cells : *rows) facts[std::get<std::string>(cells[0])] = std::get<std::string>(cells[1]);
    return facts;
}

Outcome Enrolments::save(const std::string& id, const Facts& facts) {
    return database_.transaction([&]() -> Outcome {
        if (auto cleared = database_.run("DELETE FROM enrolments WHERE id=?", {id}); !cleared) return cleared;
        for (const auto& [name, value] : facts) {
            auto added = database_.run("INSERT INTO enrolments(id, fact, value) VALUES(?,?,?)", {id, name, value});
            if (!added) return added;
        }
        return {};
    });
}

}  // namespace steward::store

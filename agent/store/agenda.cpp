#include "agent/store/agenda.h"

#include <algorithm>

#include "agent/store/database.h"

namespace steward::store {

Outcome Agenda::plan(const std::vector<Appointment>& appointments) {
    auto before = planned();
    if (!before) return before.error();
    auto after = appointments;
    std::sort(after.begin(), after.end(), [](const auto& a, const auto& b) { return a.account < b.account; });
    const bool same = std::equal(before->begin(), before->end(), after.begin(), after.end(), [](auto& a, auto& b) {
        return a.account == b.account && a.at == b.at && a.why == b.why;
    });
    if (same) return {};
    return database_.transaction([&]() -> Outcome {
        if (auto cleared = database_.run("DELETE FROM agenda"); !cleared) return cleared;
        for (const auto& each : after) {
            auto added =
                database_.run("INSERT INTO agenda(account, at, why) VALUES(?,?,?)", {each.account, each.at, each.why});
            if (!added) return added;
        }
        return {};
    });
}

Result<std::vector<Appointment>> Agenda::planned() const {
    auto rows = database_.query("SELECT account, at, why FROM agenda ORDER BY account");
    if (!rows) return rows.error();
    std::vector<Appointment> planned;
    for (const auto& cells : *rows) {
        planned.push_back(
            {std::get<std::string>(cells[0]), std::get<std::int64_t>(cells[1]), std::get<std::string>(cells[2])});
    }
    return planned;
}

Result<bool> Agenda::first_login(const std::string& user) {
    auto known = database_.query("SELECT 1 FROM logins WHERE user=?", {user});
    if (!known) return known.error();
    if (!known->empty()) return false;
    auto noted = database_.transaction([&] { return database_.run("INSERT INTO logins(user) VALUES(?)", {user}); });
    if (!noted) return noted.error();
    return true;
}

}  // namespace steward::store

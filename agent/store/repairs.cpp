#include "agent/store/repairs.h"

#include "agent/store/database.h"

namespace steward::store {
namespace {

std::int64_t earliest(const Clock& clock) {
    return std::chrono::sys_seconds(clock.now() - Repairs::span).time_since_epoch().count();
}

}  // namespace

Outcome Repairs::note(const std::vector<std::string>& uris) {
    if (uris.empty()) return {};
    return database_.transaction([&]() -> Outcome {
        if (auto cleared = database_.run("DELETE FROM repairs WHERE time<=?", {earliest(clock_)}); !cleared) {
            return cleared;
        }
        const std::int64_t now = clock_.now().time_since_epoch().count();
        for (const auto& uri : uris) {
            auto added = database_.run("INSERT INTO repairs(uri, time) VALUES(?,?)", {uri, now});
            if (!added) return added;
        }
        return {};
    });
}

Result<std::set<std::string>> Repairs::contested() const {
    auto rows = database_.query("SELECT uri FROM repairs WHERE time>? GROUP BY uri HAVING count(*)>=?",
                                {earliest(clock_), std::int64_t{most}});
    if (!rows) return rows.error();
    std::set<std::string> uris;
    for (const auto& cells : *rows) uris.insert(std::get<std::string>(cells[0]));
    return uris;
}

}  // namespace steward::store

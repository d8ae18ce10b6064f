#include "agent/audit/log.h"

#include "agent/store/database.h"
#include "platform/base/bytes.h"
#include "platform/base/digest.h"

namespace steward::audit {
namespace {

constexpr const char* columns = "number, time, kind, authority, session, subject, outcome, hash";
constexpr std::int64_t page = 4096;

// Lengths stand before the texts, so that no two entries have the same bytes.
std::string chained(const std::string& previous, const Entry& entry) {
    std::string bytes = previous + "\n" + std::to_string(entry.number) + " " + std::to_string(entry.time);
    for (const auto* text : {&entry.kind, &entry.authority, &entry.session, &entry.subject, &entry.outcome}) {
        bytes += "\n" + std::to_string(text->size()) + " " + *text;
    }
    return to_hex(sha256(bytes));
}

Entry entry_of(const store::Cells& cells) {
    const auto text = [&](std::size_t i) { return std::get<std::string>(cells[i]); };
    return {std::get<std::int64_t>(cells[0]),
            std::get<std::int64_t>(cells[1]),
            text(2),
            text(3),
            text(4),
            text(5),
            text(6),
            text(7)};
}

Result<std::vector<Entry>> select(store::Database& database, const std::string& rest,
                                  std::initializer_list<store::Cell> values) {
    auto rows = database.query("SELECT " + std::string(columns) + " FROM audit " + rest, values);
    if (!rows) return rows.error();
    std::vector<Entry> entries;
    entries.reserve(rows->size());
    for (const auto& cells : *rows) entries.push_back(entry_of(cells));
    return entries;
}

}  // namespace

Outcome Log::append(std::vector<Entry> entries) {
    if (entries.empty()) return {};
    return database_.transaction([&]() -> Outcome {
        auto last = select(database_, "ORDER BY number DESC LIMIT 1", {});
        if (!last) return last.error();
        std::int64_t number = last->empty() ? 0 : last->front().number;
        std::string hash = last->empty() ? std::string() : last->front().hash;
        for (auto& entry : entries) {
            entry.number = ++number;
            entry.time = clock_.now().time_since_epoch().count();
            hash = entry.hash = chained(hash, entry);
            auto added = database_.run("INSERT INTO audit(" + std::string(columns) + ") VALUES(?,?,?,?,?,?,?,?)",
                                       {entry.number, entry.time, entry.kind, entry.authority, entry.session,
                                        entry.subject, entry.outcome, entry.hash});
            if (!added) return added;
        }
        return {};
    });
}

Result<std::vector<Entry>> Log::latest(std::size_t count) const {
    return select(database_, "ORDER BY number DESC LIMIT ?", {static_cast<std::int64_t>(count)});
}

std::string Log::head() const {
    const auto last = latest(1);
    if (!last || last->empty()) return {};
    return std::to_string(last->front().number) + " " + last->front().hash;
}

Result<Log::Verdict> Log::verify(const std::string& anchor) const {
    Verdict verdict;
    const auto broken = [&](std::int64_t at, std::string sentence) {
        verdict.broken_at = at;
        verdict.sentence = std::move(sentence);
        return verdict;
    };
    const auto blank = anchor.find(' ');
    bool anchored = anchor.empty();
    std::string hash;
    for (std::int64_t number = 0;;) {
        auto entries = select(database_, "WHERE number>? ORDER BY number LIMIT ?", {number, page});
        if (!entries) return entries.error();
        if (entries->empty()) break;
        for (const auto& entry : *entries) {
            ++number;
            if (entry.number != number) return broken(number, "Entry " + std::to_string(number) + " is missing.");
            if (chained(hash, entry) != entry.hash) {
                return broken(number, "Entry " + std::to_string(number) + " is not what was written.");
            }
            hash = entry.hash;
            verdict.entries = number;
            if (!anchored && anchor == std::to_string(number) + " " + hash) anchored = true;
        }
    }
    if (!anchored) {
        return broken(verdict.entries + 1, "The log ends or differs before entry " + anchor.substr(0, blank) +
                                               ", which was once its newest: entries were cut off or rewritten.");
    }
    return verdict;
}

}  // namespace steward::audit

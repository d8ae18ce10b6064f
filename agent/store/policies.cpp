#include "agent/store/policies.h"

#include <algorithm>
#include <set>

#include "agent/store/database.h"
#include "platform/sealing.h"

namespace steward::store {
namespace {

constexpr std::string_view concealed = "(secret)";
constexpr std::int64_t events_kept_per_uri = 50;

Row* find(Rows& rows, std::string_view authority) {
    for (auto& row : rows) {
        if (row.authority == authority) return &row;
    }
    return nullptr;
}

Cell shown(const Row* row) {
    if (row == nullptr) return nullptr;
    return row->secret ? std::string(concealed) : row->data;
}

// What the database is to hold for a row.
Result<std::string> kept_data(const Row& row) {
    if (!row.secret || row.data.empty()) return row.data;
    return platform::seal(row.data);
}

std::optional<std::string> text_or_nothing(const Cell& cell) {
    const auto* text = std::get_if<std::string>(&cell);
    return text != nullptr ? std::optional(*text) : std::nullopt;
}

}  // namespace

const Rows* Policies::at(std::string_view uri) const {
    const auto found = rows_.find(uri);
    return found == rows_.end() ? nullptr : &found->second;
}

const Row* Policies::at(std::string_view uri, std::string_view authority) const {
    const auto found = rows_.find(uri);
    return found == rows_.end() ? nullptr : find(const_cast<Rows&>(found->second), authority);
}

void Policies::below(std::string_view uri, const std::function<bool(const std::string&, const Rows&)>& visit) const {
    const std::string prefix = std::string(uri) + '/';
    for (auto it = rows_.lower_bound(prefix); it != rows_.end() && it->first.starts_with(prefix); ++it) {
        if (!visit(it->first, it->second)) return;
    }
}

bool Policies::any_below(std::string_view uri, std::string_view authority) const {
    bool found = false;
    below(uri, [&](const std::string&, const Rows& rows) {
        found = authority.empty() || find(const_cast<Rows&>(rows), authority) != nullptr;
        return !found;
    });
    return found;
}

void Policies::put(std::string_view uri, Row row) {
    auto at = rows_.lower_bound(uri);
    if (at == rows_.end() || at->first != uri) at = rows_.emplace_hint(at, std::string(uri), Rows());
    row.time = clock_.now().time_since_epoch().count();
    row.stamp = ++stamp_;
    if (Row* old = find(at->second, row.authority)) {
        row.version = old->version + 1;
        undo_.push_back({at->first, row.authority, std::move(*old)});
        *old = std::move(row);
        return;
    }
    row.version = 1;
    undo_.push_back({at->first, row.authority, std::nullopt});
    at->second.push_back(std::move(row));
}

void Policies::remove(std::string_view uri, std::string_view authority) {
    const auto at = rows_.find(uri);
    if (at == rows_.end()) return;
    Row* old = find(at->second, authority);
    if (old == nullptr) return;
    undo_.push_back({at->first, std::string(authority), std::move(*old)});
    at->second.erase(at->second.begin() + (old - at->second.data()));
    if (at->second.empty()) rows_.erase(at);
}

void Policies::rollback(Mark mark) {
    while (undo_.size() > mark) {
        Change change = std::move(undo_.back());
        undo_.pop_back();
        Rows& rows = rows_[change.uri];
        Row* now = find(rows, change.authority);
        if (change.before && now != nullptr) {
            *now = std::move(*change.before);
        } else if (change.before) {
            rows.push_back(std::move(*change.before));
        } else if (now != nullptr) {
            rows.erase(rows.begin() + (now - rows.data()));
        }
        if (rows.empty()) rows_.erase(change.uri);
    }
}

Outcome Policies::write(const Change& first_change) {
    const std::string& uri = first_change.uri;
    const Row* now = at(uri, first_change.authority);
    Outcome done;
    if (now != nullptr) {
        auto data = kept_data(*now);
        if (!data) return data.error();
        done = database_->run(
            "INSERT OR REPLACE INTO policies(uri, authority, format, type, data, secret, time, session, stamp, version)"
            " VALUES(?,?,?,?,?,?,?,?,?,?)",
            {uri, now->authority, std::string(csp::name_of(now->format)), now->type, *data, std::int64_t{now->secret},
             now->time, now->session, static_cast<std::int64_t>(now->stamp), std::int64_t{now->version}});
    } else {
        done = database_->run("DELETE FROM policies WHERE uri=? AND authority=?", {uri, first_change.authority});
    }
    if (!done) return done;
    const Row* before = first_change.before ? &*first_change.before : nullptr;
    if (before == nullptr && now == nullptr) return {};
    if (before != nullptr && now != nullptr && before->data == now->data) return {};
    done = database_->run(
        "INSERT INTO history(uri, authority, time, session, before, after) VALUES(?,?,?,?,?,?)",
        {uri, first_change.authority, now != nullptr ? now->time : clock_.now().time_since_epoch().count(),
         now != nullptr ? now->session : before->session, shown(before), shown(now)});
    if (!done) return done;
    return database_->run(
        "DELETE FROM history WHERE uri=?1 AND id <= (SELECT id FROM history WHERE uri=?1 ORDER BY id DESC LIMIT 1 "
        "OFFSET ?2)",
        {uri, events_kept_per_uri});
}

Outcome Policies::seal_older() {
    for (const auto& [uri, authority] : unsealed_) {
        const Row* row = at(uri, authority);
        if (row == nullptr) continue;
        auto data = kept_data(*row);
        if (!data) return data.error();
        if (*data == row->data) continue;  // nothing is sealed here
        auto done = database_->run("UPDATE policies SET data=? WHERE uri=? AND authority=?", {*data, uri, authority});
        if (!done) return done;
    }
    return {};
}

Outcome Policies::commit() {
    if (undo_.empty() && old_originals_.empty() && new_originals_.empty()) return {};
    if (database_ != nullptr) {
        // Only the first change of a row knows what is on disk; later ones are steps on the way.
        std::set<std::pair<std::string_view, std::string_view>> seen;
        auto done = database_->transaction([&]() -> Outcome {
            for (const auto& change : undo_) {
                if (!seen.emplace(change.uri, change.authority).second) continue;
                if (auto written = write(change); !written) return written;
            }
            if (auto sealed = seal_older(); !sealed) return sealed;
            for (const auto& uri : old_originals_) {
                if (originals_.contains(uri)) continue;
                if (auto gone = database_->run("DELETE FROM originals WHERE uri=?", {uri}); !gone) return gone;
            }
            return {};
        });
        if (!done) {
            rollback(0);
            return done;
        }
    }
    undo_.clear();
    old_originals_.clear();
    unsealed_.clear();
    return {};
}

const Original* Policies::original(std::string_view uri) const {
    const auto found = originals_.find(uri);
    return found == originals_.end() ? nullptr : &found->second;
}

void Policies::remember(std::string_view uri, std::optional<std::string> data) {
    if (originals_.contains(uri)) return;
    originals_.emplace(std::string(uri), Original{std::move(data), clock_.now().time_since_epoch().count()});
    if (database_ != nullptr) new_originals_.emplace_back(uri);
}

void Policies::forget(std::string_view uri) {
    const auto found = originals_.find(uri);
    if (found == originals_.end()) return;
    std::erase(new_originals_, found->first);
    if (database_ != nullptr) old_originals_.push_back(found->first);
    originals_.erase(found);
}

Outcome Policies::secure() {
    if (database_ == nullptr || new_originals_.empty()) return {};
    auto done = database_->transaction([&]() -> Outcome {
        for (const auto& uri : new_originals_) {
            const auto& original = originals_.find(uri)->second;
            Cell data = nullptr;
            if (original.data) data = *original.data;
            if (auto written = database_->run("INSERT OR REPLACE INTO originals(uri, data, time) VALUES(?,?,?)",
                                              {uri, data, original.time});
                !written) {
                return written;
            }
        }
        return {};
    });
    if (!done) {
        for (const auto& uri : new_originals_) originals_.erase(uri);
    }
    new_originals_.clear();
    return done;
}

Outcome Policies::load() {
    if (database_ == nullptr) return {};
    auto rows = database_->query(
        "SELECT uri, authority, format, type, data, secret, time, session, stamp, version FROM policies");
    if (!rows) return rows.error();
    for (auto& cells : *rows) {
        Row row;
        row.authority = std::get<std::string>(cells[1]);
        row.format = csp::format_named(std::get<std::string>(cells[2])).value_or(csp::Format::chr);
        row.type = std::get<std::string>(cells[3]);
        row.data = std::get<std::string>(cells[4]);
        row.secret = std::get<std::int64_t>(cells[5]) != 0;
        if (row.secret && !platform::sealed(row.data)) {
            unsealed_.emplace_back(std::get<std::string>(cells[0]), row.authority);
        } else if (row.secret) {
            auto opened = platform::unseal(row.data);
            row.data = opened ? std::move(*opened) : std::string();
        }
        row.time = std::get<std::int64_t>(cells[6]);
        row.session = std::get<std::string>(cells[7]);
        row.stamp = static_cast<std::uint64_t>(std::get<std::int64_t>(cells[8]));
        row.version = static_cast<std::uint32_t>(std::get<std::int64_t>(cells[9]));
        stamp_ = std::max(stamp_, row.stamp);
        rows_[std::get<std::string>(cells[0])].push_back(std::move(row));
    }
    auto originals = database_->query("SELECT uri, data, time FROM originals");
    if (!originals) return originals.error();
    for (auto& cells : *originals) {
        originals_[std::get<std::string>(cells[0])] = {text_or_nothing(cells[1]), std::get<std::int64_t>(cells[2])};
    }
    return {};
}

Result<std::vector<Event>> Policies::history(std::string_view uri) const {
    std::vector<Event> events;
    if (database_ == nullptr) return events;
    auto rows = database_->query("SELECT authority, time, session, before, after FROM history WHERE uri=? ORDER BY id",
                                 {std::string(uri)});
    if (!rows) return rows.error();
    for (const auto& cells : *rows) {
        events.push_back({std::get<std::string>(cells[0]), std::get<std::int64_t>(cells[1]),
                          std::get<std::string>(cells[2]), text_or_nothing(cells[3]), text_or_nothing(cells[4])});
    }
    return events;
}

}  // namespace steward::store
